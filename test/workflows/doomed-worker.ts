import { NativeConnection, Worker } from '@temporalio/worker';
import { workerOptions } from '../../src/worker/worker-options.js';
import { FakeHosts } from './fake-activities.js';

/** A worker in a process of its own, to be killed while it is at `step`. */
const [address, namespace, taskQueue, codePath, step] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
];
const hosts = new FakeHosts();
hosts.faults[step] = ['hang'];
const connection = await NativeConnection.connect({ address });
const activities = hosts.activities();
const worker = await Worker.create({
  ...workerOptions,
  ...{ connection, namespace, taskQueue, activities },
  workflowBundle: { codePath },
});
const watch = setInterval(() => {
  if (hosts.callsOf(step).length === 0) return;
  clearInterval(watch);
  process.stdout.write(`${[...hosts.done()].join(' ')}\n`);
}, 50);
await worker.run();
