import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { inject, onTestFinished } from 'vitest';
import type { bootstrap } from '../../src/workflows/bootstrap.js';
import { workerOptions } from '../../src/worker/worker-options.js';
import type { BootstrapInput } from '../../src/workflows/messages.js';
import { sampleSpec } from '../sample-cluster.js';
import { FakeHosts } from './fake-activities.js';

Runtime.install({ logger: new DefaultLogger('ERROR') });

/** A client, a task queue of its own and hosts in memory, for one test. `spec`: of the cluster; by default it has one host. */
export async function openBench({ spec = sampleSpec() } = {}) {
  const hosts = new FakeHosts();
  const connection = await Connection.connect({ address: inject('address') });
  const native = await NativeConnection.connect({ address: inject('address') });
  const client = new Client({ connection, namespace: inject('temporalNamespace') });
  const taskQueue = randomUUID();
  const cluster = `c-${taskQueue.slice(0, 8)}`;
  const workers: { worker: Worker; running: Promise<void> }[] = [];

  /** Starts one more worker, as `temper up` would. */
  const startWorker = async (activities = hosts.activities()) => {
    const worker = await Worker.create({
      ...workerOptions,
      connection: native,
      namespace: inject('temporalNamespace'),
      taskQueue,
      workflowBundle: { codePath: inject('workflowBundle') },
      activities,
      shutdownForceTime: '1 second',
    });
    workers.push({ worker, running: worker.run().catch(() => {}) });
    return worker;
  };
  const start = (input: Partial<BootstrapInput> = {}) =>
    client.workflow.start<typeof bootstrap>('bootstrap', {
      workflowId: `temper-${cluster}`,
      taskQueue,
      args: [{ spec: { ...spec, name: cluster }, ...input }],
    });

  onTestFinished(async () => {
    for (const { worker } of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.all(workers.map(({ running }) => running));
    await native.close();
    await connection.close();
  });
  return { client, hosts, cluster, taskQueue, startWorker, start };
}

/** Asks again and again until the answer is not undefined. */
export async function eventually<T>(ask: () => Promise<T | undefined | false>, seconds = 50): Promise<T> {
  for (const deadline = Date.now() + seconds * 1000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`still nothing after ${seconds} s: ${ask.toString()}`);
  }
}
