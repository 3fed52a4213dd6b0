import type { Client } from '@temporalio/client';
import { expect, test } from 'vitest';
import { lookAtRun } from '../../src/cli/run-view.js';
import type { HostProgress, RunProgress } from '../../src/workflows/messages.js';

const step = { step: 'claimHost', title: 'Claim the host', status: 'done', attempt: 1 } as const;

test('asks a host whose phase is done only once, and whoever is at work again and again', async () => {
  const asked: string[] = [];
  const client = clientOf(
    { 'run/ready-host/cp1': 'done', 'run/ready-host/cp2': 'running', 'run/ready-host/cp3': undefined },
    asked,
  );

  const before = await lookAtRun(client, 'prod', { runId: 'r' });
  asked.length = 0;
  const now = await lookAtRun(client, 'prod', { runId: 'r', before });

  expect(now.hosts.map(({ host, status }) => [host, status])).toEqual([
    ['cp1', 'done'],
    ['cp2', 'running'],
  ]);
  expect(asked).toEqual(['run/ready-host/cp2', 'run/ready-host/cp3']);
});

/** The workflow of each host in the one phase, with the status that it tells; undefined: it does not answer. */
function clientOf(statuses: Record<string, HostProgress['status'] | undefined>, asked: string[]): Client {
  const hosts = Object.keys(statuses).map((workflowId) => ({ host: workflowId.split('/').at(-1)!, workflowId }));
  const progress: Partial<RunProgress> = {
    phases: [{ title: 'Make the hosts ready', status: 'running', hosts }],
    quarantined: [],
  };
  const answer = (workflowId: string) => {
    if (!(workflowId in statuses)) return progress;
    asked.push(workflowId);
    const status = statuses[workflowId];
    if (!status) throw new Error('no worker');
    return { host: workflowId.split('/').at(-1), status, steps: [step] };
  };
  const workflow = {
    getHandle: (workflowId: string) => ({
      query: async () => answer(workflowId),
      describe: async () => ({ runId: 'r', memo: {}, status: { name: 'RUNNING' }, raw: {} }),
    }),
  };
  return { workflow, withDeadline: (_: number, look: () => unknown) => look() } as unknown as Client;
}
