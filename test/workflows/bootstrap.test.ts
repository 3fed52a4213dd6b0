import type { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { approveUpdate, progressQuery, resolveStepUpdate, type BlockedStep } from '../../src/workflows/messages.js';
import { entriesOf, runbookOf, type PhaseName } from '../../src/workflows/runbook/phases.js';
import { sampleCluster, sampleHost } from '../sample-cluster.js';
import { eventually, openBench } from './bench.js';

const runbook = runbookOf(sampleCluster(), sampleHost).map(({ step }) => step as string);
const stepsOf = (phase: PhaseName) => entriesOf(phase, sampleCluster(), sampleHost).map(({ step }) => step as string);

test('runs every step of the runbook once, in its order but for what goes on beside it', async () => {
  const { hosts, start, startWorker } = await openBench();
  await startWorker();

  const summary = await (await start({ approve: 'any plan' })).result();

  const called = hosts.calls.map(({ step }) => step);
  const beside = [['pull-images'], ['start-salt-master', 'connect-salt'], ['install-addons']] as const;
  const stepsBeside = beside.map((lane) => lane.flatMap((phase) => stepsOf(phase)));
  const others = runbook.filter((step) => !stepsBeside.flat().includes(step));
  for (const lane of [...stepsBeside, others]) expect(called.filter((step) => lane.includes(step))).toEqual(lane);
  expect(called).toHaveLength(runbook.length);
  expect(called.indexOf('pullImages')).toBeGreaterThan(called.indexOf('startRegistry'));
  expect(called.indexOf('installKubeProxy')).toBeGreaterThan(called.indexOf('configureKubelet'));
  expect(summary).toMatchObject({
    kubernetesVersion: sampleCluster().bundle.kubernetesVersion,
    planned: runbook.length,
    drifted: 0,
  });
});

test('shows the phases that this cluster has', async () => {
  const { start, startWorker } = await openBench();
  await startWorker();
  const run = await start({ approve: 'any plan' });

  await run.result();

  const { phases } = await run.query(progressQuery);
  expect(phases.map(({ title, status }) => [title, status])).toEqual(
    [
      ...['Look at the hosts', 'Check the network', 'Agree on the plan'],
      ...['Make the hosts ready', 'Prepare the bootstrap host', 'Pull the images of the bootstrap host'],
      ...[
        'Start the control plane',
        'Complete the control plane',
        'Install add-ons',
        'Start the Salt master',
        'Connect the Salt minions',
      ],
      'Verify the cluster',
    ].map((title) => [title, 'done']),
  );
});

test('changes nothing on a finished cluster, and asks nobody', async () => {
  const { hosts, start, startWorker } = await openBench();
  for (const step of runbook) hosts.done().add(step);
  await startWorker();

  const summary = await (await start()).result();

  expect(hosts.calls).toEqual([]);
  expect(summary.planned).toBe(0);
});

test('does not end before what only one host does on its own', async () => {
  const { client, hosts, start, startWorker } = await openBench();
  for (const done of runbook.filter((other) => other !== 'uploadBundle')) hosts.done().add(done);
  hosts.faults.uploadBundle = ['NOT_READY'];
  await startWorker();
  const run = await start({ approve: 'any plan' });

  const [{ workflowId, step, attempt }] = await eventually(async () => {
    const { blocked } = await run.query(progressQuery);
    return blocked.length > 0 && (blocked as [BlockedStep]);
  });
  await client.workflow
    .getHandle(workflowId)
    .executeUpdate(resolveStepUpdate, { args: [{ step, attempt, action: 'retry' }] });

  expect(await run.result()).toMatchObject({ planned: 1 });
});

test('waits for the approval of exactly this plan, beside which the warnings stand', async () => {
  const { hosts, start, startWorker } = await openBench();
  const slow = { host: 'cp1', check: 'DiskSync', level: 'warning', message: '40 ms' } as const;
  hosts.findings = [slow];
  await startWorker();
  const run = await start({ approve: 'another plan' });
  const { plan, warnings } = await eventually(async () => {
    const progress = await run.query(progressQuery);
    return progress.status === 'waiting for approval' && progress;
  });

  expect(warnings).toEqual([slow]);
  const wrong = run.executeUpdate(approveUpdate, { args: [{ hash: 'another plan' }] });
  await expect(wrong).rejects.toMatchObject({ cause: { message: expect.stringContaining(plan!.hash) } });
  expect(hosts.calls).toEqual([]);

  await run.executeUpdate(approveUpdate, { args: [{ hash: plan!.hash }] });
  await run.result();
  expect(hosts.calls.length).toBe(runbook.length);
});

test('ends with all findings before anything was touched, and needs no gate', async () => {
  const { hosts, start, startWorker } = await openBench();
  const swap = { host: 'cp1', check: 'Swap', level: 'error', message: 'swap is on: /dev/sda2' } as const;
  const cpu = { host: 'cp1', check: 'NumCPU', level: 'error', message: '1 CPU, 2 needed' } as const;
  hosts.findings = [swap, cpu];
  await startWorker();

  const failed = await (await start({ approve: 'any plan' })).result().catch((error: unknown) => error);

  const { cause } = failed as WorkflowFailedError;
  expect(cause).toBeInstanceOf(ApplicationFailure);
  expect(cause).toMatchObject({ type: 'HOST_UNFIT', details: [{ findings: [swap, cpu] }] });
  expect(hosts.calls).toEqual([]);
});

test('takes a host that cannot be reached at the first look for a finding', async () => {
  const { hosts, start, startWorker } = await openBench();
  hosts.faults.lookAtHost = Array(10).fill('SSH_UNREACHABLE');
  await startWorker();

  const failed = await (await start({ approve: 'any plan' })).result().catch((error: unknown) => error);

  expect(failed).toMatchObject({ cause: { details: [{ findings: [{ check: 'SSH_UNREACHABLE', hint: 'mend it' }] }] } });
});

test('takes a host that cannot be planned for a finding', async () => {
  const { hosts, start, startWorker } = await openBench();
  hosts.faults.planHost = ['HOST_HAS_OTHER_CLUSTER'];
  await startWorker();

  const failed = await (await start({})).result().catch((error: unknown) => error);

  const findings = [{ check: 'HOST_HAS_OTHER_CLUSTER', hint: 'mend it' }];
  expect(failed).toMatchObject({ cause: { type: 'HOST_UNFIT', details: [{ findings }] } });
  expect(hosts.calls).toEqual([]);
});

test('writes with a generation higher than any host has seen', async () => {
  const { hosts, start, startWorker } = await openBench();
  hosts.generation = 6;
  await startWorker();

  const run = await start({ approve: 'any plan' });
  await run.result();

  const tokens = hosts.calls.map(({ call }) => call.run);
  expect(new Set(tokens.map(({ generation }) => generation))).toEqual(new Set([7]));
  expect(new Set(tokens.map(({ runId }) => runId))).toEqual(new Set([run.firstExecutionRunId]));
});

test('gives every step an input below 8 KiB', async () => {
  const { hosts, start, startWorker } = await openBench();
  await startWorker();

  await (await start({ approve: 'any plan' })).result();

  const tooBig = hosts.calls.filter(({ call }) => JSON.stringify(call).length > 8 * 1024).map(({ step }) => step);
  expect(tooBig).toEqual([]);
});
