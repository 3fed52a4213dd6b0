import { expect, test } from 'vitest';
import { hostDetails, runDetails } from '../../src/workflows/details.js';
import type { BlockedStep } from '../../src/workflows/messages.js';

const blocked: BlockedStep = {
  workflowId: 'temper-prod/start-control-plane/cp1',
  host: 'cp1',
  step: 'startApiServer',
  title: 'Start the API server',
  attempt: 2,
  skippable: false,
  code: 'NOT_READY',
  message: 'cp1: waited\n240 s',
  hint: 'see its log',
};

test('a run shows its phases in words, the blocked step first, and what to answer', () => {
  const phases = [
    { title: 'Look at the hosts', status: 'done' as const, hosts: [] },
    {
      title: 'Start the control plane',
      status: 'running' as const,
      hosts: [{ host: 'cp1', workflowId: blocked.workflowId }],
    },
    { title: 'Join worker nodes', status: 'nothing to do' as const, hosts: [] },
  ];

  const text = runDetails(
    { cluster: 'prod', status: 'blocked', phases, warnings: [], blocked: [blocked], quarantined: [] },
    'temper bootstrap c.yaml',
  );

  expect(text.replaceAll('\u00a0', '')).toBe(`**prod**: blocked

**cp1 is blocked: Start the API server** (startApiServer, attempt 2): NOT_READY
> cp1: waited 240 s
> see its log

When it is mended: \`temper retry prod\`, or the update \`resolveStep\` of the workflow \`temper-prod/start-control-plane/cp1\` with \`{"step": "startApiServer", "attempt": 2, "action": "retry"}\`.

|  | Phase | Hosts |
|:---|:---|:---|
| done | Look at the hosts |  |
| blocked | Start the control plane | cp1 |
| nothing to do | Join worker nodes |  |`);
});

test('a host shows its steps with what they changed', () => {
  const steps = [
    { step: 'claimHost', title: 'Claim the host', status: 'done' as const, attempt: 1, changed: ['Wrote it'] },
    { step: 'startApiServer', title: 'Start the API server', status: 'running' as const, attempt: 2 },
  ];

  const text = hostDetails({ host: 'cp1', status: 'running', steps }, 'prod');

  expect(text.replaceAll('\u00a0', '')).toContain(`| done | Claim the host | 1 |
| running | Start the API server (attempt 2) |  |`);
});
