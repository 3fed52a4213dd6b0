import type { HostPlan, PlannedChange } from '../../cluster/plan.js';
import { plural, styled } from '../print.js';

/** A plan for people: each change of each step on each host, as one sentence; with `diffs` also what would stand in the files. */
export function planLines(plans: HostPlan[], { diffs = false } = {}): string[] {
  return plans.flatMap(({ host, changes, drift }) => {
    const what = changes.length === 0 ? 'nothing to do' : plural(changes.length, 'change');
    return [
      `${styled('bold', host)}: ${what}`,
      ...changesByStep(changes, diffs),
      ...(drift.length > 0 ? [driftTitle(drift.length)] : []),
      ...drift.flatMap((each) => [`    ${each.target}`, ...(diffs ? diffLines(each) : [])]),
    ];
  });
}

function driftTitle(count: number): string {
  const what = count === 1 ? '1 thing of yours is' : `${count} things of yours are`;
  return styled('yellow', `  ${what} other than cluster.yaml says, and left alone`);
}

function changesByStep(changes: PlannedChange[], diffs: boolean): string[] {
  return changes.flatMap((change, index) => [
    ...(change.step === changes[index - 1]?.step ? [] : [`  ${change.step}`]),
    `    ${change.says}`,
    ...(diffs ? diffLines(change) : []),
  ]);
}

function diffLines({ diff }: PlannedChange): string[] {
  return diff ? diff.trimEnd().split('\n').map(diffLine) : [];
}

function diffLine(line: string): string {
  const color = line.startsWith('+') ? 'green' : line.startsWith('-') ? 'red' : 'dim';
  return styled(color, `      ${line}`);
}
