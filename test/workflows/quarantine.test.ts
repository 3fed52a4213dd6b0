import type { Client, WorkflowHandle } from '@temporalio/client';
import { expect, test } from 'vitest';
import {
  progressQuery,
  quarantineSignal,
  quarantineUpdate,
  resolveStepUpdate,
  type BlockedStep,
  type Resolution,
} from '../../src/workflows/messages.js';
import { sampleClusterOf } from '../sample-cluster.js';
import type { FakeHosts } from './fake-activities.js';
import { eventually, openBench } from './bench.js';

const { spec } = sampleClusterOf({
  cp1: ['bootstrap', 'control-plane'],
  cp2: ['control-plane'],
  cp3: ['control-plane'],
  w1: ['worker'],
  w2: ['worker'],
});

test('one host that is blocked stops no other', async () => {
  const { run, hosts } = await blockedRun('pullImages w1');

  const { status, blocked, phases } = await eventually(async () => {
    const progress = await run.query(progressQuery);
    const joined = progress.phases.find(({ title }) => title === 'Join control planes')!.status === 'done';
    return joined && hosts.done('w2').has('labelNode') && progress;
  });

  expect({ status, blocked }).toMatchObject({ status: 'blocked', blocked: [{ host: 'w1', quarantinable: true }] });
  expect(Object.fromEntries(phases.map(({ title, status }) => [title, status]))).toMatchObject({
    'Prepare the other hosts': 'running',
    'Join worker nodes': 'running',
    'Verify the cluster': 'waiting',
  });
});

test('hosts join while the add-ons start, and are confirmed when they stand', async () => {
  const { run, hosts, client, blocked } = await blockedRun('installNetwork cp1');
  await eventually(async () => hosts.done('cp3').has('startKeepalived') && hosts.done('w2').has('startJoiningKubelet'));

  for (const name of ['cp2', 'cp3', 'w1', 'w2']) expect(stepsOn(hosts, name), name).not.toContain('waitForNode');
  await retry(client, blocked.workflowId, 'installNetwork');
  await run.result();

  for (const name of ['cp2', 'cp3', 'w1', 'w2']) expect(stepsOn(hosts, name), name).toContain('waitForNode');
});

test('an abort at the gate of one host ends the run, whatever others wait for', async () => {
  const { run, hosts, client } = await runWith('installNetwork cp1', 'NOT_READY');
  hosts.faults['joinEtcd cp2'] = ['NOT_READY'];
  const { workflowId, step, attempt } = await eventually(async () => {
    const { blocked } = await run.query(progressQuery);
    return blocked.length === 2 && blocked.find(({ host }) => host === 'cp2');
  });

  const answer = { step, attempt, action: 'abort' } as const;
  await client.workflow.getHandle(workflowId).executeUpdate(resolveStepUpdate, { args: [answer] });

  await expect(run.result()).rejects.toMatchObject({ cause: { type: 'ABORTED' } });
});

test('a host joins after its own certificates have come, whatever others wait for', async () => {
  const { run, hosts, client, blocked } = await blockedRun('copyCertificateAuthorities cp2');
  await eventually(async () => hosts.done('cp3').has('removeJoinToken'));

  expect(stepsOn(hosts, 'cp2')).not.toContain('startJoiningKubelet');
  await retry(client, blocked.workflowId, 'copyCertificateAuthorities');
  await run.result();

  expect(hosts.done('cp2')).toContain('removeJoinToken');
});

test('the run goes on without a host that is quarantined, and says so', async () => {
  const { run, hosts } = await blockedRun('pullImages w1');

  await run.executeUpdate(quarantineUpdate, { args: [{ host: 'w1', note: 'its disk is broken', by: 'ann' }] });
  const summary = await run.result();

  expect(summary.quarantined).toEqual(['w1']);
  expect(summary.hosts.map(({ name }) => name)).toEqual(['cp1', 'cp2', 'cp3', 'w2']);
  expect(await run.query(progressQuery)).toMatchObject({
    status: 'done',
    blocked: [],
    quarantined: [{ host: 'w1', note: 'its disk is broken', by: 'ann' }],
  });
  expect(stepsOn(hosts, 'w1').at(-1)).toBe('pullImages');
});

test('the step of a host that is quarantined at work is interrupted first', async () => {
  const { run, hosts } = await runWith('pullImages w1', 'hang');
  await eventually(async () => stepsOn(hosts, 'w1').includes('pullImages'));

  await run.executeUpdate(quarantineUpdate, { args: [{ host: 'w1' }] });
  await run.result();

  expect(hosts.interrupted).toBe(1);
});

test('a control plane that is quarantined in its join lets the next one join', async () => {
  const { run, hosts, client } = await runWith('joinEtcd cp2', 'NOT_READY');
  hosts.faults['joinEtcd cp3'] = ['NOT_READY'];
  const { host } = await firstBlocked(run);
  const next = host === 'cp2' ? 'cp3' : 'cp2';
  expect(hosts.callsOf('joinEtcd', next)).toEqual([]);

  await run.executeUpdate(quarantineUpdate, { args: [{ host }] });
  const { workflowId } = await eventually(async () => {
    const { blocked } = await run.query(progressQuery);
    return blocked.find((each: BlockedStep) => each.host === next);
  });
  await retry(client, workflowId, 'joinEtcd');
  await run.result();

  expect(hosts.done(next).has('startKeepalived')).toBe(true);
});

test('only etcd takes in one after the other: control planes start side by side', async () => {
  const { run, hosts, client } = await runWith('startApiServer cp2', 'NOT_READY');
  hosts.faults['startApiServer cp3'] = ['NOT_READY'];

  const blocked = await eventually(async () => {
    const progress = await run.query(progressQuery);
    return progress.blocked.length === 2 && (progress.blocked as BlockedStep[]);
  });

  for (const { workflowId } of blocked) await retry(client, workflowId, 'startApiServer');
  await run.result();
});

test('who has begun in a run that was ended goes on before another one begins', async () => {
  const { hosts, start, startWorker } = await openBench({ spec });
  hosts.changes['joinEtcd cp2'] = 3;
  hosts.latencyOf = (activity, host) => (activity === 'createCertificates' && host === 'cp3' ? 1000 : 0);
  await startWorker();

  await (await start({ approve: 'any plan' })).result();

  expect(hosts.callsOf('joinEtcd').map(({ call }) => call.host.name)).toEqual(['cp3', 'cp2']);
});

test('a host can be quarantined while the cluster is verified', async () => {
  const { run } = await runWith('verifyHost w2', 'hang');
  await eventually(async () => (await run.query(progressQuery)).status === 'verifying');

  await run.executeUpdate(quarantineUpdate, { args: [{ host: 'w2' }] });

  expect(await run.result()).toMatchObject({ quarantined: ['w2'] });
});

test('a signal does what the update does, and one that makes no sense is ignored', async () => {
  const { run } = await blockedRun('pullImages w1');

  await run.signal('quarantine');
  await run.signal(quarantineSignal, { host: 'cp1' });
  await run.signal(quarantineSignal, { host: 'w1' });

  expect(await run.result()).toMatchObject({ quarantined: ['w1'] });
});

test('the update says why it refuses', async () => {
  const { run, hosts, client, blocked } = await blockedRun('pullImages w1');
  await eventually(async () => hosts.done('cp3').has('startKeepalived'));
  hosts.quorumRisk = 'without it 1 of 2 voting members of etcd are healthy';
  const refusals: [string, string][] = [
    ['cp1', 'cp1 serves packages and images to all others.'],
    ['w9', 'has no host w9.'],
    ['cp2', hosts.quorumRisk],
  ];

  for (const [host, why] of refusals) {
    const refused = await run
      .executeUpdate(quarantineUpdate, { args: [{ host }] })
      .catch((error: Error) => error.cause);
    expect(refused, host).toMatchObject({ message: expect.stringContaining(why) });
  }

  await retry(client, blocked.workflowId, 'pullImages');
  expect(await run.result()).toMatchObject({ quarantined: [] });
});

test('before a host is worked on there is nothing to quarantine', async () => {
  const { start, startWorker } = await openBench({ spec });
  await startWorker();
  const run = await start();
  await eventually(async () => (await run.query(progressQuery)).status === 'waiting for approval');

  const refused = run.executeUpdate(quarantineUpdate, { args: [{ host: 'w1' }] });

  await expect(refused).rejects.toMatchObject({ cause: { message: expect.stringContaining('--without') } });
});

async function runWith(where: string, fault: 'NOT_READY' | 'hang') {
  const bench = await openBench({ spec });
  bench.hosts.faults[where] = [fault];
  await bench.startWorker();
  return { ...bench, run: await bench.start({ approve: 'any plan' }) };
}

/** A run in which one host is blocked, and the step as the run shows it. */
async function blockedRun(where: string) {
  const bench = await runWith(where, 'NOT_READY');
  return { ...bench, blocked: await firstBlocked(bench.run) };
}

function firstBlocked(run: WorkflowHandle): Promise<BlockedStep> {
  return eventually(async () => (await run.query(progressQuery)).blocked[0]);
}

async function retry(client: Client, workflowId: string, step: string): Promise<void> {
  const args: [Resolution] = [{ step, attempt: 1, action: 'retry' }];
  await client.workflow.getHandle(workflowId).executeUpdate(resolveStepUpdate, { args });
}

function stepsOn({ calls }: FakeHosts, host: string): string[] {
  return calls.filter(({ call }) => call.host.name === host).map(({ step }) => step);
}
