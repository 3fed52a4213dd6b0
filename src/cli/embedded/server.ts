import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { TemperError } from '../../cluster/errors.js';
import type { TemporalAccess } from '../../worker/connection.js';
import { stateFolder } from '../../worker/settings.js';
import { running, startInBackground } from './background-process.js';
import { choosePorts, keptPorts } from './ports.js';
import { temporalBinary } from './temporal-binary.js';

const temporalNamespace = 'temper';

/** Where the embedded server listens, if it ever ran. */
export async function embeddedAccess(): Promise<(TemporalAccess & { ui: string }) | undefined> {
  const ports = await keptPorts();
  if (!ports) return undefined;
  return {
    connectionOptions: { address: `127.0.0.1:${ports.server}` },
    temporalNamespace,
    ui: `http://127.0.0.1:${ports.ui}`,
  };
}

/** Starts Temporal's development server on loopback, its database in the state folder, and waits until it answers. */
export async function startServer(): Promise<void> {
  const command = await temporalBinary();
  const ports = await choosePorts();
  const args = [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--ui-ip', '127.0.0.1', '--namespace', temporalNamespace],
    ...['--port', String(ports.server), '--ui-port', String(ports.ui)],
    ...['--db-filename', join(stateFolder(), 'temporal.db')],
    // What was acknowledged survives a power cut.
    ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=FULL'],
    ...['--ui-disable-news-fetch', '--log-level', 'warn', '--log-format', 'json', '--color', 'never'],
  ];
  // Without a configuration file of its own the command neither reads the user's nor looks for updates.
  const env = { TEMPORAL_CONFIG_FILE: '/dev/null' };
  await startInBackground('server', { command, args, env, version: command });
  await answers(`127.0.0.1:${ports.server}`);
}

/** A first start on a busy disk takes some seconds: the schema is made. */
const startSeconds = 60;

async function answers(address: string): Promise<void> {
  for (const deadline = Date.now() + startSeconds * 1000; ; await sleep(100)) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: '1 second' });
      await connection.workflowService.describeNamespace({ namespace: temporalNamespace });
      return await connection.close();
    } catch (cause) {
      if (Date.now() < deadline && (await running('server'))) continue;
      const log = join(stateFolder(), 'server.out');
      throw new TemperError(
        'NO_SERVER',
        `the Temporal server on ${address} ended, or did not answer within ${startSeconds} s`,
        {
          hint: `read ${log}`,
          cause,
        },
      );
    }
  }
}
