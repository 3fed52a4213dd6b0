import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { approveUpdate, progressQuery } from '../../src/workflows/messages.js';
import { runbookOf } from '../../src/workflows/runbook/phases.js';
import { sampleCluster, sampleHost } from '../sample-cluster.js';
import { eventually, openBench } from './bench.js';

const runbook = runbookOf(sampleCluster(), sampleHost).map(({ step }) => step as string);

test('runs every step of the runbook once, in its order', async () => {
  const { hosts, start, startWorker } = await openBench();
  await startWorker();

  const summary = await (await start({ approve: 'any plan' })).result();

  expect(hosts.calls.map(({ step }) => step)).toEqual(runbook);
  expect(summary).toMatchObject({
    kubernetesVersion: sampleCluster().bundle.kubernetesVersion,
    planned: runbook.length,
  });
});
