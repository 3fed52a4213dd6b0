import { Connection } from '@temporalio/client';
import { TemperError } from '../cluster/errors.js';
import type { TemporalAccess } from '../worker/connection.js';

/** Throws NO_SERVER when nobody answers there. */
export async function connect({ connectionOptions }: TemporalAccess): Promise<Connection> {
  try {
    return await Connection.connect({ ...connectionOptions, connectTimeout: '5 seconds' });
  } catch (cause) {
    throw new TemperError('NO_SERVER', `the Temporal server ${connectionOptions.address} does not answer`, {
      hint: 'check TEMPORAL_ADDRESS or temporal.toml; without them temper runs a server of its own',
      cause,
    });
  }
}
