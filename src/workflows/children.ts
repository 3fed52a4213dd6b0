import { CancellationScope, startChild, workflowInfo } from '@temporalio/workflow';
import type { ChildWorkflowHandle } from '@temporalio/workflow';
import type { hostPhase, HostPhaseInput } from './host-phase.js';
import { holdSignal, resumeSignal } from './messages.js';
import { phases } from './runbook/phases.js';
import type { PhaseName } from './runbook/phases.js';
import { searchAttributes } from './search-attributes.js';

/** The host phases of a run, each a workflow of its own. */
export interface Children {
  /** Returns when the host has gone through the phase. */
  run(input: Omit<HostPhaseInput, 'held'>): Promise<void>;
  /** Holds or resumes those at work, and those that come. */
  hold(held: boolean): void;
  /** Returns when all that were told to stop have done so. */
  stopped(): Promise<void>;
}

export function openChildren(): Children {
  const atWork = new Set<ChildWorkflowHandle<typeof hostPhase>>();
  let held = false;

  return {
    async run(input) {
      const { phase, host, cluster } = input;
      const child = await startChild<typeof hostPhase>('hostPhase', {
        workflowId: childId(phase, host),
        parentClosePolicy: 'REQUEST_CANCEL',
        staticSummary: `${host}: ${phases[phase].title}`,
        typedSearchAttributes: [
          { key: searchAttributes.cluster, value: cluster.spec.name },
          { key: searchAttributes.phase, value: phase },
        ],
        args: [{ ...input, held }],
      });
      atWork.add(child);
      // Who said hold while the child was being started, meant it too.
      if (held) await child.signal(holdSignal);
      await child.result().finally(() => atWork.delete(child));
    },
    hold(value) {
      held = value;
      // A child that ends meanwhile no longer needs to be told.
      for (const child of atWork) void child.signal(held ? holdSignal : resumeSignal).catch(() => {});
    },
    async stopped() {
      await CancellationScope.nonCancellable(() => Promise.allSettled([...atWork].map((child) => child.result())));
    },
  };
}

export function childId(phase: PhaseName, host: string): string {
  return `${workflowInfo().workflowId}/${phase}/${host}`;
}
