import type { WorkflowHandle } from '@temporalio/client';
import { expect, test } from 'vitest';
import {
  progressQuery,
  quarantineUpdate,
  resolveStepUpdate,
  type BlockedStep,
  type Resolution,
} from '../../src/workflows/messages.js';
import { sampleClusterOf } from '../sample-cluster.js';
import { eventually, openBench } from './bench.js';

const { spec } = sampleClusterOf({
  cp1: ['bootstrap', 'control-plane'],
  cp2: ['control-plane'],
  cp3: ['control-plane'],
  w1: ['worker'],
});

test('an abort at the gate takes back what the step has begun, before the run ends', async () => {
  const { run, hosts, abortAt } = await blockedRun('joinEtcd cp2');

  await abortAt('ann');

  await expect(run.result()).rejects.toMatchObject({
    cause: { type: 'ABORTED', message: expect.stringMatching(/ann/) },
  });
  const { generation, gateAttempt } = hosts.callsOf('joinEtcd', 'cp2')[0]!.call.run;
  expect(hosts.undone).toEqual([
    {
      step: 'joinEtcd',
      host: expect.objectContaining({ name: 'cp2' }),
      run: expect.objectContaining({ generation, gateAttempt: gateAttempt + 1 }),
      input: hosts.callsOf('joinEtcd', 'cp2')[0]!.call.input,
    },
  ]);
});

test('a run that is cancelled takes back what its step has begun, when that one has stopped', async () => {
  const { run, hosts } = await runWith('joinEtcd cp2', 'hang');
  hosts.faults['undoStep cp2'] = ['SSH_UNREACHABLE'];
  await eventually(async () => hosts.callsOf('joinEtcd', 'cp2').length > 0);

  await run.cancel();

  await expect(run.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect(hosts.interrupted).toBe(1);
  expect(hosts.undone.map(({ host }) => host.name)).toEqual(['cp2', 'cp2']);
});

test('a run that is cancelled while another host is at work ends when both have stopped', async () => {
  const { run, hosts } = await runWith('joinEtcd cp2', 'hang');
  hosts.faults['pullImages w1'] = ['hang'];
  await eventually(async () => hosts.callsOf('joinEtcd', 'cp2').length > 0);
  hosts.latencyOf = (activity) => (activity === 'undoStep' ? 2000 : 0);

  await run.cancel();

  await expect(run.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect(hosts.undone.length).toBe(1);
  expect([...hosts.busy]).toEqual([]);
});

test('an abort at the gate of one host takes back what another one has begun', async () => {
  const { run, hosts } = await runWith('joinEtcd cp2', 'hang');
  hosts.faults['labelNode w1'] = ['NOT_READY'];
  const blocked = await firstBlocked(run);
  await eventually(async () => hosts.callsOf('joinEtcd', 'cp2').length > 0);

  await resolve(run, blocked);

  await expect(run.result()).rejects.toMatchObject({ cause: { type: 'ABORTED' } });
  expect(hosts.undone.map(({ host }) => host.name)).toEqual(['cp2']);
});

test('what could not be taken back is said, and the run ends all the same', async () => {
  const { run, hosts } = await runWith('joinEtcd cp2', 'hang');
  hosts.faults['undoStep cp2'] = ['SSH_UNREACHABLE', 'SSH_UNREACHABLE', 'SSH_UNREACHABLE'];
  await eventually(async () => hosts.callsOf('joinEtcd', 'cp2').length > 0);

  await run.cancel();

  await expect(run.result()).rejects.toMatchObject({
    cause: {
      type: 'ABORTED',
      details: [
        {
          findings: [
            {
              host: 'cp2',
              check: 'SSH_UNREACHABLE',
              message: '"Do joinEtcd" was not taken back: it said SSH_UNREACHABLE',
              hint: 'the next bootstrap goes on with it',
            },
          ],
        },
      ],
    },
  });
  expect(await run.query(progressQuery)).toMatchObject({ status: 'aborted', warnings: [{ host: 'cp2' }] });
});

test('a host that is quarantined in its join leaves nothing that keeps the next one out', async () => {
  const { run, hosts } = await blockedRun('joinEtcd cp2');

  await run.executeUpdate(quarantineUpdate, { args: [{ host: 'cp2' }] });
  await run.result();

  expect(hosts.undone.map(({ host }) => host.name)).toEqual(['cp2']);
  expect(hosts.done('cp3').has('joinEtcd')).toBe(true);
});

test('an abort at another step takes nothing back', async () => {
  const { run, hosts, abortAt } = await blockedRun('startScheduler cp1');

  await abortAt('ann');

  await expect(run.result()).rejects.toMatchObject({ cause: { type: 'ABORTED' } });
  expect(hosts.undone).toEqual([]);
});

test('a phase that had not begun when the run was cancelled is not told as failed', async () => {
  const { run } = await blockedRun('configureContainerd cp1');

  await run.cancel();

  await expect(run.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  const { phases } = await run.query(progressQuery);
  const failed = phases.filter(({ status }) => status === 'failed').map(({ title }) => title);
  expect(failed).toEqual(['Prepare the bootstrap host']);
});

async function runWith(where: string, fault: 'NOT_READY' | 'hang') {
  const bench = await openBench({ spec });
  bench.hosts.faults[where] = [fault];
  await bench.startWorker();
  return { ...bench, run: await bench.start({ approve: 'any plan' }) };
}

async function blockedRun(where: string) {
  const bench = await runWith(where, 'NOT_READY');
  const blocked = await firstBlocked(bench.run);
  return { ...bench, abortAt: (by: string) => resolve(bench.run, blocked, by) };
}

function firstBlocked(run: WorkflowHandle): Promise<BlockedStep> {
  return eventually(async () => (await run.query(progressQuery)).blocked[0]);
}

async function resolve({ client }: WorkflowHandle, { workflowId, step, attempt }: BlockedStep, by?: string) {
  const args: [Resolution] = [{ step, attempt, action: 'abort', by }];
  await client.getHandle(workflowId).executeUpdate(resolveStepUpdate, { args });
}
