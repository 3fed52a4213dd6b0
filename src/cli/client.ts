import { userInfo } from 'node:os';
import { Client } from '@temporalio/client';
import type { Connection } from '@temporalio/client';
import { TemperError } from '../cluster/errors.js';
import { taskQueue } from '../worker/settings.js';
import { connect } from './connect.js';
import { pollersOf } from './embedded/pollers.js';
import { prepareNamespace } from './embedded/prepare-namespace.js';
import { ensureUp } from './embedded/up.js';
import type { Up } from './embedded/up.js';
import { note } from './print.js';

export interface Connected extends Up {
  client: Client;
}

/** Connects to the Temporal server for the length of `work`; an embedded one that has died is started again first. */
export async function withClient<T>(work: (connected: Connected) => Promise<T>): Promise<T> {
  const onStart = (name: string): void => note(`starting Temper's ${name}`);
  const up = await ensureUp({ workerForConfigured: false, onStart });
  const connection = await connect(up.access);
  try {
    return await work({ ...up, client: new Client({ connection, namespace: up.access.temporalNamespace }) });
  } finally {
    await connection.close();
  }
}

/** Throws NO_WORKER when nobody has asked for Temper's tasks lately. */
export async function needWorker({ client, access }: Connected): Promise<void> {
  if ((await pollersOf(client.workflowService, access.temporalNamespace)).length > 0) return;
  throw new TemperError('NO_WORKER', `no worker serves the task queue ${taskQueue}`, { hint: 'temper up' });
}

/** What a server must have before a run starts there: a worker, and our search attributes. */
export async function readyForRuns(connected: Connected): Promise<void> {
  await needWorker(connected);
  await prepareNamespace(connected.client.connection as Connection, connected.access.temporalNamespace, {
    owned: connected.ui !== undefined,
  });
}

/** Who answers, for the history. */
export function me(): string {
  return userInfo().username;
}

export function workflowId(cluster: string): string {
  return `temper-${cluster}`;
}
