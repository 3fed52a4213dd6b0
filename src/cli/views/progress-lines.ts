import type { HostProgress, PhaseProgress, Quarantine, StepProgress } from '../../workflows/messages.js';
import { findingLines } from './finding-lines.js';
import { plural, styled } from '../print.js';
import type { HostView, RunView } from '../run-view.js';

/** What has happened between two looks at a run, as lines that stay. Phases go on side by side, so each line says all by itself. */
export function progressLines(before: RunView | undefined, now: RunView): string[] {
  const phases = now.progress?.phases ?? [];
  const warnings = now.progress?.warnings.slice(before?.progress?.warnings.length ?? 0) ?? [];
  const known = before?.progress?.quarantined.map(({ host }) => host) ?? [];
  const quarantined = now.progress?.quarantined.filter(({ host }) => !known.includes(host)) ?? [];
  return [
    ...phases.flatMap((phase) => phaseLines(before, now, phase)),
    ...findingLines(warnings),
    ...quarantined.map(quarantineLine),
  ];
}

function phaseLines(before: RunView | undefined, now: RunView, { title, status }: PhaseProgress): string[] {
  const old = before?.progress?.phases.find((phase) => phase.title === title)?.status ?? 'waiting';
  const begins = old === 'waiting' && ['running', 'done', 'failed'].includes(status);
  const ends = old !== status && status !== 'running' && status !== 'waiting';
  const steps = now.hosts
    .filter(({ phase }) => phase === title)
    .flatMap((host) =>
      stepLines(
        before?.hosts.find((each) => sameHost(each, host)),
        host,
      ),
    );
  const line = (word: string) => `${styled('bold', title)}: ${word}`;
  return [...(begins ? [line('begins')] : []), ...steps, ...(ends ? [line(status)] : [])];
}

export function quarantineLine({ host, by, note }: Quarantine): string {
  return `${host}: ${styled('yellow', 'quarantined')}${by ? ` by ${by}` : ''}${note ? `: ${note}` : ''}`;
}

/** One line a host that is at work: how far it is and what it does or waits for. */
export function hostLine(host: HostView, seconds?: number): string {
  const done = host.steps.filter(({ status }) => status === 'done' || status === 'skipped').length;
  const current = host.steps.find(({ status }) => status === 'running' || status === 'blocked');
  const attempt = current && current.attempt > 1 ? ` (attempt ${current.attempt})` : '';
  const waiting = host.waiting ? styled('yellow', ` ${host.waiting}`) : '';
  const status = host.status === 'running' ? '' : ` ${host.status}`;
  const time = seconds === undefined ? '' : ` ${Math.round(seconds)} s`;
  return `${host.host} ${done}/${host.steps.length}${status} ${current?.title ?? ''}${attempt}${time}${waiting}`;
}

function stepLines(before: HostView | undefined, { host, steps }: HostProgress): string[] {
  return steps
    .filter((step, index) => before?.steps[index]?.status !== step.status)
    .flatMap((step) => stepLine(host, step) ?? []);
}

function stepLine(host: string, { title, status, changed = [] }: StepProgress): string | undefined {
  if (status === 'done') {
    const what = changed.length > 0 ? plural(changed.length, 'change') : 'nothing to do';
    return `${host}: ${styled('green', 'ok')} ${title} (${what})`;
  }
  if (status === 'skipped') return `${host}: skipped ${title}`;
  if (status === 'blocked') return `${host}: ${styled('red', 'blocked')} ${title}`;
  return undefined;
}

function sameHost(a: HostView, b: HostView): boolean {
  return a.host === b.host && a.phase === b.phase;
}
