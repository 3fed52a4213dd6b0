import { createHash } from 'node:crypto';
import { createTwoFilesPatch } from 'diff';
import type { HostPlan, PlannedChange } from '../cluster/plan.js';
import { masked } from '../cluster/masked.js';
import type { Change } from './changes/change.js';
import { kindOf } from './changes/index.js';
import type { FactReaders } from './facts/facts.js';
import { verifyStep } from './run-step.js';
import type { HostView, Step } from './step.js';

/** A step by its name with the input that the runbook derives for the host. */
export interface PlannedStep {
  name: string;
  step: Step<unknown, unknown>;
  input: unknown;
}

/** What all steps together would change, read in one pass. Changes nothing. */
export async function planHost(planned: readonly PlannedStep[], view: HostView): Promise<HostPlan> {
  const found = await Promise.all(
    planned.map(async ({ name, step, input }) => {
      const facts = await step.read(view, input);
      const described = (changes: Change[]) => Promise.all(changes.map((change) => describe(name, change, view.facts)));
      return {
        changes: await described(step.plan(input, facts)),
        drift: await described(step.drift?.(input, facts) ?? []),
      };
    }),
  );
  const changes = found.flatMap((each) => each.changes);
  const isPlanned = ({ kind, target }: PlannedChange) =>
    changes.some((change) => change.kind === kind && change.target === target);
  const drift = found.flatMap((each) => each.drift).filter((each) => !isPlanned(each));
  const shown = withinLimit([...changes, ...drift]);
  return {
    host: view.name,
    hash: hashOf(view.name, changes),
    changes: shown.slice(0, changes.length),
    drift: shown.slice(changes.length),
  };
}

/** Asks every step for its effect. Throws the first that is missing. */
export async function verifyHost(planned: readonly PlannedStep[], view: HostView): Promise<void> {
  await Promise.all(planned.map(({ name, step, input }) => verifyStep(name, step, view, input)));
}

async function describe(step: string, change: Change, facts: FactReaders): Promise<PlannedChange> {
  const kind = kindOf(change);
  const texts = await kind.texts?.(change, facts);
  return {
    step,
    kind: change.kind,
    target: kind.target(change),
    mode: kind.mode?.(change),
    content: kind.content(change),
    says: kind.describe(change),
    diff: texts && diffOf(kind.target(change), texts),
  };
}

/** Of one file. */
const longestDiff = 8 * 1024;

function diffOf(name: string, { before, after }: { before: string; after: string }): string | undefined {
  if (before === after) return undefined;
  const patch = createTwoFilesPatch(name, name, masked(before), masked(after), undefined, undefined, { context: 3 });
  const diff = patch.slice(patch.indexOf('---'));
  return diff.length > longestDiff
    ? `${diff.slice(0, longestDiff)}\n… ${diff.length - longestDiff} more characters`
    : diff;
}

/** A payload of Temporal's is small: of a long plan the last diffs are left out. */
function withinLimit(changes: PlannedChange[]): PlannedChange[] {
  let room = 200 * 1024;
  return changes.map((change) => {
    room -= JSON.stringify(change).length;
    return room < 0 ? { ...change, diff: change.diff && 'left out, the plan is long' } : change;
  });
}

/** Of the hashes of all hosts, in whichever order. */
export function hashPlans(hashes: string[]): string {
  return createHash('sha256').update(hashes.toSorted().join('\n')).digest('hex');
}

function hashOf(host: string, changes: PlannedChange[]): string {
  const rows = changes.map(({ step, kind, target, mode, content }) =>
    JSON.stringify([host, step, kind, target, mode ?? '', content]),
  );
  return createHash('sha256').update(rows.sort().join('\n')).digest('hex');
}
