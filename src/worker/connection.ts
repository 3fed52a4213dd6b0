import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { ClientConnectConfig } from '@temporalio/envconfig';

/** Where the Temporal server is, and as whom to talk to it. */
export interface TemporalAccess extends ClientConnectConfig {
  temporalNamespace: string;
}

/**
 * The server that the user names by Temporal's own means: TEMPORAL_ADDRESS and its companions, or a profile of temporal.toml. Undefined when
 * there is neither; `temper` then runs a server of its own.
 */
export function configuredAccess(): TemporalAccess | undefined {
  const { TEMPORAL_ADDRESS, TEMPORAL_PROFILE } = process.env;
  if (!TEMPORAL_ADDRESS && !TEMPORAL_PROFILE && !existsSync(profileFile())) return undefined;
  const config = loadClientConnectConfig();
  if (!TEMPORAL_ADDRESS && !config.connectionOptions.address) return undefined;
  return { ...config, temporalNamespace: config.namespace ?? 'default' };
}

function profileFile(): string {
  const { TEMPORAL_CONFIG_FILE, XDG_CONFIG_HOME } = process.env;
  return TEMPORAL_CONFIG_FILE || join(XDG_CONFIG_HOME || join(homedir(), '.config'), 'temporalio/temporal.toml');
}
