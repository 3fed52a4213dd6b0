import type { HostProgress, Quarantine, StepProgress } from '../../workflows/messages.js';
import { findingLines } from './finding-lines.js';
import { plural, styled } from '../print.js';
import type { HostView, RunView } from '../run-view.js';

/** What has happened between two looks at a run, as lines that stay. */
export function progressLines(before: RunView | undefined, now: RunView): string[] {
  const begun = now.progress?.phases.filter(({ status }) => status !== 'waiting') ?? [];
  const lines: string[] = [];
  for (const phase of begun) {
    const old = before?.progress?.phases.find(({ title }) => title === phase.title);
    const isIdle = phase.status === 'nothing to do';
    if (!old || old.status === 'waiting')
      lines.push(`${styled('bold', phase.title)}${isIdle ? ': nothing to do' : ''}`);
    for (const host of now.hosts.filter((host) => host.phase === phase.title)) {
      lines.push(
        ...stepLines(
          before?.hosts.find((old) => sameHost(old, host)),
          host,
        ),
      );
    }
  }
  const warnings = now.progress?.warnings.slice(before?.progress?.warnings.length ?? 0) ?? [];
  lines.push(...findingLines(warnings).map((line) => `  ${line}`));
  const old = before?.progress?.quarantined.map(({ host }) => host) ?? [];
  const added = now.progress?.quarantined.filter(({ host }) => !old.includes(host)) ?? [];
  return [...lines, ...added.map((each) => `  ${quarantineLine(each)}`)];
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
    return `  ${host}: ${styled('green', 'ok')} ${title} (${what})`;
  }
  if (status === 'skipped') return `  ${host}: skipped ${title}`;
  if (status === 'blocked') return `  ${host}: ${styled('red', 'blocked')} ${title}`;
  return undefined;
}

function sameHost(a: HostView, b: HostView): boolean {
  return a.host === b.host && a.phase === b.phase;
}
