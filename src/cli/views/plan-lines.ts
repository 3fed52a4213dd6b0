import type { HostPlan, PlannedChange } from '../../cluster/plan.js';
import { plural, styled } from '../print.js';

/** A plan for people: each change of each step on each host, as one sentence; with `diffs` also what would stand in the files. */
export function planLines(plans: HostPlan[], { diffs = false } = {}): string[] {
  return plans.flatMap(({ host, changes }) => {
    if (changes.length === 0) return [`${styled('bold', host)}: nothing to do`];
    return [`${styled('bold', host)}: ${plural(changes.length, 'change')}`, ...changesByStep(changes, diffs)];
  });
}

function changesByStep(changes: PlannedChange[], diffs: boolean): string[] {
  return changes.flatMap((change, index) => [
    ...(change.step === changes[index - 1]?.step ? [] : [`  ${change.step}`]),
    `    ${change.says}`,
    ...(diffs && change.diff ? change.diff.trimEnd().split('\n').map(diffLine) : []),
  ]);
}

function diffLine(line: string): string {
  const color = line.startsWith('+') ? 'green' : line.startsWith('-') ? 'red' : 'dim';
  return styled(color, `      ${line}`);
}
