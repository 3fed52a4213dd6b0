import { expect, test } from 'vitest';
import type { HostView, RunView } from '../../../src/cli/run-view.js';
import { remembering } from '../../../src/cli/run-view.js';
import { hostLine, progressLines } from '../../../src/cli/views/progress-lines.js';
import type { PhaseProgress, StepProgress } from '../../../src/workflows/messages.js';

const phase = 'Prepare the bootstrap host';

function view(status: StepProgress['status'], more: Partial<StepProgress> = {}, host: Partial<HostView> = {}): RunView {
  const step = { step: 'claimHost', title: 'Claim the host', status, attempt: 1, ...more };
  return {
    cluster: 'prod',
    runId: 'r',
    file: 'cluster.yaml',
    command: 'temper bootstrap cluster.yaml',
    execution: 'RUNNING',
    progress: {
      cluster: 'prod',
      status: 'running',
      phases: [{ title: phase, status: 'running', hosts: [{ host: 'cp1', workflowId: 'w' }] }],
      warnings: [],
      blocked: [],
      quarantined: [],
    },
    hosts: [{ host: 'cp1', phase, status: 'running', steps: [step], ...host }],
  };
}

const steps: [string, StepProgress['status'], Partial<StepProgress>, string[]][] = [
  ['a step that is done', 'done', { changed: ['Wrote it'] }, ['cp1: ok Claim the host (1 change)']],
  ['a step that had nothing to do', 'done', { changed: [] }, ['cp1: ok Claim the host (nothing to do)']],
  ['a step that is blocked', 'blocked', {}, ['cp1: blocked Claim the host']],
  ['a step that was skipped', 'skipped', {}, ['cp1: skipped Claim the host']],
  ['nothing while a step runs', 'running', {}, []],
];
test.each(steps)('tells %s', (_what, status, more, lines) => {
  expect(progressLines(view('waiting'), view(status, more))).toEqual(lines);
});

test('tells nothing twice, not even when the worker was away for a moment', () => {
  const before = view('done');
  const away: RunView = { ...before, progress: undefined, hosts: [] };

  expect(progressLines(before, remembering(before, away))).toEqual([]);
  expect(progressLines(before, remembering(before, { ...before, hosts: [] }))).toEqual([]);
});

const statuses: [PhaseProgress['status'], PhaseProgress['status'], string[]][] = [
  ['waiting', 'running', [`${phase}: begins`]],
  ['waiting', 'done', [`${phase}: begins`, `${phase}: done`]],
  ['waiting', 'nothing to do', [`${phase}: nothing to do`]],
  ['running', 'running', []],
  ['running', 'done', [`${phase}: done`]],
  ['running', 'failed', [`${phase}: failed`]],
];
test.each(statuses)('a phase that was %s and is %s', (old, status, lines) => {
  expect(progressLines(inPhase(old), inPhase(status))).toEqual(lines);
});

test('tells the steps of a phase between its begin and its end', () => {
  expect(progressLines(undefined, { ...inPhase('done'), hosts: view('done').hosts })).toEqual([
    `${phase}: begins`,
    'cp1: ok Claim the host (nothing to do)',
    `${phase}: done`,
  ]);
});

function inPhase(status: PhaseProgress['status']): RunView {
  const now = view('waiting');
  return { ...now, progress: { ...now.progress!, phases: [{ title: phase, status, hosts: [] }] }, hosts: [] };
}

test('shows on one line how far a host is and what it waits for', () => {
  const [host] = view('running', { attempt: 2 }, { waiting: 'waiting for ssh: no route' }).hosts;

  expect(hostLine(host!, 12.3)).toBe('cp1 0/1 Claim the host (attempt 2) 12 s waiting for ssh: no route');
});
