import type { StepInput, StepName } from '../../activities/steps/index.js';
import type { Cluster, HostRecord } from '../../cluster/cluster.js';

/** One line of the runbook: a step, and the pure function that derives its input. */
export interface RunbookEntry<Name extends StepName = StepName> {
  step: Name;
  input(cluster: Cluster, host: HostRecord): StepInput<Name>;
  /** Left out: always. */
  when?(cluster: Cluster, host: HostRecord): boolean;
}

export function entry<Name extends StepName>(
  step: Name,
  input: RunbookEntry<Name>['input'],
  when?: RunbookEntry<Name>['when'],
): RunbookEntry<Name> {
  return { step, input, when };
}
