import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { withLock } from '../../../bundle/cache.js';
import { TemperError } from '../../cluster/errors.js';
import { configuredAccess } from '../../worker/connection.js';
import type { TemporalAccess } from '../../worker/connection.js';
import { stateFolder, workflowBundleFile, workerLogFile } from '../../worker/settings.js';
import { connect } from '../connect.js';
import { running, startInBackground, stop } from './background-process.js';
import type { ProcessName } from './background-process.js';
import { pollersOf } from './pollers.js';
import { embeddedAccess, startServer } from './server.js';

export interface Up {
  access: TemporalAccess;
  /** Of the embedded server; another one's address we do not know. */
  ui?: string;
  /** What had to be started, for people. */
  started: string[];
}

interface EnsureUp {
  workerForConfigured: boolean;
  /** Asked once no other command starts or stops anything; `temper down` may have come first. Default: it is. */
  isStillWanted?: () => boolean;
  /** Hears of each start beforehand, because it takes seconds. */
  onStart?: (name: ProcessName) => void;
}

/**
 * Makes sure that there is a server and a worker, and starts again what has died. A server that the user named is taken as it is; a worker for
 * it on this machine is started only when `workerForConfigured` says so, because others may serve it.
 */
export async function ensureUp({ workerForConfigured, isStillWanted, onStart }: EnsureUp): Promise<Up> {
  const configured = configuredAccess();
  if (configured && !workerForConfigured) return { access: configured, started: [] };
  const embedded = configured ? undefined : await embeddedAccess();
  const serverRuns = configured !== undefined || (await running('server')) !== undefined;
  const wanted = configured ?? embedded;
  if (serverRuns && wanted && (await currentWorker(wanted))) return { access: wanted, ui: embedded?.ui, started: [] };

  await mkdir(stateFolder(), { recursive: true, mode: 0o700 });
  return withLock(upLock(), async () => {
    const started: string[] = [];
    if (wanted && isStillWanted?.() === false) return { access: wanted, started };
    if (!configured && !(await running('server'))) {
      onStart?.('server');
      await startServer();
      started.push('server');
    }
    const access = configured ?? (await embeddedAccess())!;
    if (!(await currentWorker(access))) {
      await stop('worker', 30);
      onStart?.('worker');
      await startWorker(access, configured === undefined);
      started.push('worker');
    }
    return { access, ui: configured ? undefined : (await embeddedAccess())!.ui, started };
  });
}

/** Ends worker and embedded server; runs that are open go on at the next `up`. Returns what was stopped. */
export async function takeDown(): Promise<string[]> {
  await mkdir(stateFolder(), { recursive: true, mode: 0o700 });
  return withLock(upLock(), async () => {
    const stopped: string[] = [];
    if (await stop('worker', 30)) stopped.push('worker');
    if (await stop('server', 30)) stopped.push('server');
    return stopped;
  });
}

function upLock(): string {
  return join(stateFolder(), 'up.lock');
}

/** The worker, unless it serves another server, or its workflow code is not what was built last. */
async function currentWorker(access: TemporalAccess) {
  const worker = await running('worker');
  return worker?.version === (await workerVersion(access)) ? worker : undefined;
}

/** Starts a worker in the background and waits until it asks the server for tasks. */
async function startWorker(access: TemporalAccess, embedded: boolean): Promise<void> {
  const main = fileURLToPath(new URL(`../../worker/main${import.meta.url.slice(-3)}`, import.meta.url));
  const env = embedded
    ? { TEMPORAL_ADDRESS: access.connectionOptions.address, TEMPORAL_NAMESPACE: access.temporalNamespace }
    : {};
  const connection = await connect(access);
  try {
    const { pid } = await startInBackground('worker', {
      command: process.execPath,
      args: [...process.execArgv, main],
      env: { ...env, TEMPER_WORKER_LOG: workerLogFile() },
      version: await workerVersion(access),
    });
    await polls(connection, access.temporalNamespace, pid);
  } finally {
    await connection.close();
  }
}

async function polls({ workflowService }: Connection, temporalNamespace: string, pid: number): Promise<void> {
  for (; ; await sleep(100)) {
    // A poller's identity is PID@HOST, unless somebody names it otherwise.
    const pollers = await pollersOf(workflowService, temporalNamespace);
    if (pollers.some((identity) => identity.startsWith(`${pid}@`))) return;
    if (await running('worker')) continue;
    const hint = `read ${join(stateFolder(), 'worker.out')}`;
    throw new TemperError('NO_WORKER', 'the worker ended right after its start', { hint });
  }
}

async function workerVersion({ connectionOptions, temporalNamespace }: TemporalAccess): Promise<string> {
  const { mtimeMs, size } = await stat(workflowBundleFile());
  return `${workflowBundleFile()} ${mtimeMs} ${size} for ${connectionOptions.address} ${temporalNamespace}`;
}
