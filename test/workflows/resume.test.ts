import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { expect, inject, test } from 'vitest';
import {
  approveUpdate,
  holdUpdate,
  hostProgressQuery,
  progressQuery,
  resolveStepUpdate,
  resumeUpdate,
} from '../../src/workflows/messages.js';
import { eventually, openBench } from './bench.js';

const step = 'configureContainerd';

test('a worker that is killed in mid-step is replaced, and the next one goes on at that very step', async () => {
  const { hosts, taskQueue, start, startWorker } = await openBench();
  const doomed = await startDoomedWorker(taskQueue);
  const run = await start({ approve: 'any plan' });
  const doneBefore = await doomed.atStep;
  for (const name of doneBefore) hosts.done().add(name);

  doomed.process.kill('SIGKILL');
  await startWorker();
  await run.result();

  expect(doneBefore).toContain('claimHost');
  expect(hosts.calls[0]).toMatchObject({ step, activityAttempt: 2, call: { run: { gateAttempt: 1 } } });
  expect(hosts.calls.filter((call) => doneBefore.includes(call.step))).toEqual([]);
});

test('a run that is held stops after the step that runs, and goes on when it is resumed', async () => {
  const { client, cluster, hosts, start, startWorker } = await openBench();
  hosts.faults[step] = ['NOT_READY'];
  await startWorker();
  const run = await start({ approve: 'any plan' });
  await eventually(async () => (await run.query(progressQuery)).blocked.length > 0);
  const phase = client.workflow.getHandle(`temper-${cluster}/prepare-bootstrap-host/cp1`);

  await run.executeUpdate(holdUpdate);
  await phase.executeUpdate(resolveStepUpdate, { args: [{ step, attempt: 1, action: 'retry' }] });
  await eventually(async () => (await phase.query(hostProgressQuery)).status === 'held');

  expect(hosts.calls.at(-1)!.step).toBe(step);
  await run.executeUpdate(resumeUpdate);
  await run.result();
});

test('a run that is held before its plan was approved can still be approved, and then waits', async () => {
  const { hosts, start, startWorker } = await openBench();
  await startWorker();
  const run = await start();
  const { plan } = await eventually(async () => {
    const progress = await run.query(progressQuery);
    return progress.status === 'waiting for approval' && progress;
  });

  await run.executeUpdate(holdUpdate);
  await run.executeUpdate(approveUpdate, { args: [{ hash: plan!.hash }] });
  await eventually(async () => (await run.query(progressQuery)).status === 'held');
  expect(hosts.calls).toEqual([]);

  await run.executeUpdate(resumeUpdate);
  await run.result();
});

test('every workflow replays from its own history', async () => {
  const { client, cluster, hosts, start, startWorker } = await openBench();
  hosts.faults[step] = ['COMMAND_FAILED', 'NOT_READY'];
  await startWorker();
  const run = await start({ approve: 'any plan' });
  const [blocked] = await eventually(async () => {
    const { blocked } = await run.query(progressQuery);
    return blocked.length > 0 && blocked;
  });
  const gate = client.workflow.getHandle(blocked!.workflowId);
  await gate.executeUpdate(resolveStepUpdate, { args: [{ step, attempt: 2, action: 'retry' }] });
  await run.result();

  const phases = ['ready-host', 'prepare-bootstrap-host', 'start-control-plane', 'install-addons'];
  for (const id of [`temper-${cluster}`, ...phases.map((phase) => `temper-${cluster}/${phase}/cp1`)]) {
    const history = await client.workflow.getHandle(id).fetchHistory();
    const options = { workflowBundle: { codePath: inject('workflowBundle') } };
    await expect(Worker.runReplayHistory(options, history, id)).resolves.toBeUndefined();
  }
});

async function startDoomedWorker(taskQueue: string) {
  const script = fileURLToPath(new URL('doomed-worker.ts', import.meta.url));
  const settings = [inject('address'), inject('temporalNamespace'), taskQueue, inject('workflowBundle'), step];
  const process = spawn('node', ['--import', 'tsx', script, ...settings], { stdio: ['ignore', 'pipe', 'inherit'] });
  const atStep = once(process.stdout, 'data').then(([line]) => String(line).trim().split(' '));
  return { process, atStep };
}
