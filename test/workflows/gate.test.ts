import type { WorkflowHandle } from '@temporalio/client';
import { expect, test } from 'vitest';
import { progressQuery, resolveStepSignal, resolveStepUpdate } from '../../src/workflows/messages.js';
import type { BlockedStep, Resolution } from '../../src/workflows/messages.js';
import { eventually, openBench } from './bench.js';

const step = 'setKernelParameters';

/** A run whose step failed for good, and the step as the run shows it. */
async function blockedRun(skippable: string[] = []) {
  const bench = await openBench();
  bench.hosts.faults[step] = ['NOT_READY'];
  bench.hosts.skippable = skippable;
  await bench.startWorker();
  const run = await bench.start({ approve: 'any plan' });
  const blocked = await nextBlocked(run);
  return { ...bench, run, blocked, gate: bench.client.workflow.getHandle(blocked.workflowId) };
}

const nextBlocked = (run: WorkflowHandle, attempt = 1): Promise<BlockedStep> =>
  eventually(async () => (await run.query(progressQuery)).blocked.find((blocked) => blocked.attempt >= attempt));

test('a step that failed for good waits, and says what, why and what the host says', async () => {
  const { blocked, hosts } = await blockedRun();

  expect(blocked).toMatchObject({ host: 'cp1', step, attempt: 1, code: 'NOT_READY', message: 'it said NOT_READY' });
  expect(blocked).toMatchObject({ hint: 'mend it', evidence: 'journal of cp1' });
  expect(hosts.calls.at(-1)!.step).toBe(step);
});

test('retry goes on from the blocked step, and nothing before it runs again', async () => {
  const { run, gate, hosts } = await blockedRun();

  await gate.executeUpdate(resolveStepUpdate, { args: [{ step, attempt: 1, action: 'retry' }] });
  await run.result();

  expect(hosts.callsOf(step).map(({ call }) => call.run.gateAttempt)).toEqual([1, 2]);
  expect(hosts.callsOf('claimHost').length).toBe(1);
});

test('two phases of one host that wait at the same time are both shown, and each is answered for itself', async () => {
  const bench = await openBench();
  bench.hosts.faults = { startSaltMaster: ['NOT_READY'], createCertificates: ['NOT_READY'] };
  await bench.startWorker();
  const run = await bench.start({ approve: 'any plan' });
  const blocked = async () => (await run.query(progressQuery)).blocked.toSorted((a, b) => a.step.localeCompare(b.step));
  const both = await eventually(async () => (await blocked()).length === 2 && blocked());
  const retry = ({ workflowId, step, attempt }: BlockedStep) =>
    bench.client.workflow
      .getHandle(workflowId)
      .executeUpdate(resolveStepUpdate, { args: [{ step, attempt, action: 'retry' }] });

  await retry(both[0]!);

  expect(both.map((each) => each.step)).toEqual(['createCertificates', 'startSaltMaster']);
  await eventually(async () => (await blocked()).length === 1);
  expect((await blocked())[0]!.step).toBe('startSaltMaster');
  await retry(both[1]!);
  await run.result();
});

test('a signal does what the update does', async () => {
  const { run, gate } = await blockedRun();

  await gate.signal(resolveStepSignal, { step, attempt: 1, action: 'retry' });

  await run.result();
});

test('a signal that makes no sense is ignored', async () => {
  const { run, gate } = await blockedRun();

  await gate.signal('resolveStep');
  await gate.signal(resolveStepSignal, { step: 'another', attempt: 1, action: 'retry' });
  await gate.signal(resolveStepSignal, { step, attempt: 1, action: 'retry' });

  await run.result();
});

const refusals: [string, Partial<Resolution>, string][] = [
  ['another step', { step: 'startEtcdMember' }, 'The blocked step is'],
  ['an attempt that is over', { attempt: 0 }, 'Attempt 1 is blocked'],
  ['an unknown action', { action: 'force' as 'retry' }, 'action must be'],
  ['skip of a step that later ones need', { action: 'skip', note: 'why not' }, 'cannot be skipped'],
];
test('the update says why it refuses', async () => {
  const { gate } = await blockedRun();

  for (const [what, given, why] of refusals) {
    const args: [Resolution] = [{ step, attempt: 1, action: 'retry', ...given }];
    const refused = await gate.executeUpdate(resolveStepUpdate, { args }).catch((error: Error) => error.cause);
    expect(refused, what).toMatchObject({ message: expect.stringContaining(why) });
  }
});

test('skip needs a note, and then goes on without the step', async () => {
  const { run, gate, hosts } = await blockedRun([step]);
  const skip = { step, attempt: 1, action: 'skip' } as const;

  await expect(gate.executeUpdate(resolveStepUpdate, { args: [skip] })).rejects.toThrow();
  await gate.executeUpdate(resolveStepUpdate, { args: [{ ...skip, note: 'done by hand' }] });
  await run.result();

  expect(hosts.done().has(step)).toBe(false);
});

test('abort ends the run, and says who did it', async () => {
  const { run, gate, hosts } = await blockedRun();
  const calls = hosts.calls.length;

  await gate.executeUpdate(resolveStepUpdate, { args: [{ step, attempt: 1, action: 'abort', by: 'ann' }] });

  await expect(run.result()).rejects.toMatchObject({
    cause: { type: 'ABORTED', message: expect.stringContaining('ann') },
  });
  expect(hosts.calls.length).toBe(calls);
});

test('cancelling the run interrupts the step that runs, and waits until it has stopped', async () => {
  const { hosts, start, startWorker } = await openBench();
  hosts.faults[step] = ['hang'];
  await startWorker();
  const run = await start({ approve: 'any plan' });
  await eventually(async () => hosts.callsOf(step).length > 0);

  await run.cancel();

  await expect(run.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect(hosts.interrupted).toBe(1);
});

test('what passes by itself is tried again without asking anybody', async () => {
  const { hosts, start, startWorker } = await openBench();
  hosts.faults[step] = ['COMMAND_FAILED', 'COMMAND_FAILED'];
  await startWorker();

  await (await start({ approve: 'any plan' })).result();

  expect(hosts.callsOf(step).map(({ call }) => call.run.gateAttempt)).toEqual([1, 2, 3]);
});

test('an unreachable host is waited for, and never asked about', async () => {
  const { hosts, start, startWorker } = await openBench();
  hosts.faults[step] = Array(5).fill('SSH_UNREACHABLE');
  await startWorker();
  const run = await start({ approve: 'any plan' });
  await run.result();

  const tries = hosts.callsOf(step);
  expect(tries.map(({ activityAttempt }) => activityAttempt)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(new Set(tries.map(({ call }) => call.run.gateAttempt))).toEqual(new Set([1]));
});

test('whoever retries after PLAN_MOVED agrees to what moved', async () => {
  const { hosts, client, start, startWorker } = await openBench();
  hosts.done().add(step);
  await startWorker();
  hosts.faults.claimHost = ['NOT_READY'];
  const run = await start({ approve: 'any plan' });
  const first = await nextBlocked(run);
  hosts.done().delete(step);
  const gate = client.workflow.getHandle(first.workflowId);
  await gate.executeUpdate(resolveStepUpdate, { args: [{ step: 'claimHost', attempt: 1, action: 'retry' }] });

  const moved = await eventually(async () =>
    (await run.query(progressQuery)).blocked.find((each) => each.step === step),
  );
  expect(moved.code).toBe('PLAN_MOVED');
  await gate.executeUpdate(resolveStepUpdate, { args: [{ step, attempt: 1, action: 'retry' }] });

  await run.result();
});
