import { styled } from '../print.js';
import type { RunView } from '../run-view.js';
import { blockedLines } from './conclusion.js';
import { findingLines } from './finding-lines.js';
import { hostLine, quarantineLine } from './progress-lines.js';

/** An open run at one glance: phases, hosts at work, blocked steps with their evidence, and what to type. */
export function statusLines(view: RunView): string[] {
  const { cluster, command, progress, hosts } = view;
  if (!progress) return [`${styled('bold', cluster)}: open, but no worker answers`, '  temper up'];
  const lines = progress.phases.flatMap((phase) => [
    `  ${phase.status.padEnd(14)} ${phase.title}`,
    ...hosts
      .filter((host) => host.phase === phase.title && host.status !== 'done')
      .map((host) => `  ${''.padEnd(14)}   ${hostLine(host)}`),
  ]);
  const approval = progress.status === 'waiting for approval' ? [`  ${command} --approve ${progress.plan?.hash}`] : [];
  return [
    `${styled('bold', cluster)}: ${progress.status}`,
    ...lines,
    ...findingLines(progress.warnings).map((line) => `  ${line}`),
    ...progress.quarantined.map((each) => `  ${quarantineLine(each)}`),
    ...approval,
    ...blockedLines(view, { evidence: true }),
  ];
}
