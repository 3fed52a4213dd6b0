import { ApplicationFailure, condition, log, setHandler } from '@temporalio/workflow';
import { resolveStepSignal, resolveStepUpdate } from './messages.js';
import type { BlockedStep, Resolution } from './messages.js';

/** Where a failed step waits for a person. One step at a time: a host phase walks its steps in order. */
export interface Gate {
  /** Returns what the person decided about `blocked`; an abort is thrown. */
  decide(blocked: BlockedStep): Promise<'retry' | 'skip'>;
}

/** Sets the handlers, so call it first thing in the workflow. */
export function openGate(): Gate {
  let blocked: BlockedStep | undefined;
  let resolution: Resolution | undefined;

  setHandler(resolveStepUpdate, (given) => void (resolution = given), {
    description:
      'Decide a blocked step: {"step": "startEtcdMember", "attempt": 1, "action": "retry" | "skip" | "abort", "note": "why", "by": "who"}. ' +
      'skip needs a note, and a step that the cluster can do without.',
    validator: (given) => {
      const refusal = resolution ? 'This step has been decided already.' : whyNot(given, blocked);
      if (refusal) throw ApplicationFailure.nonRetryable(refusal, 'RESOLUTION_REFUSED');
    },
  });
  setHandler(
    resolveStepSignal,
    (given) => {
      const refusal = resolution ? 'This step has been decided already.' : whyNot(given, blocked);
      if (refusal) log.warn('resolveStep was ignored', { refusal });
      else resolution = given;
    },
    {
      description:
        'The same as the update resolveStep, for when no worker is up. A wrong one is ignored; the update says why.',
    },
  );

  return {
    async decide(step) {
      blocked = step;
      await condition(() => resolution !== undefined);
      const { action, by = 'somebody', note } = resolution!;
      blocked = resolution = undefined;
      if (action !== 'abort') return action;
      throw ApplicationFailure.nonRetryable(
        `${step.host}: ${by} ended the run at ${step.step}${note ? `: ${note}` : ''}`,
        'ABORTED',
      );
    },
  };
}

/** What the Web UI sends is typed by hand, so nothing about `given` is taken for granted. */
function whyNot(given: Partial<Resolution> | undefined, blocked: BlockedStep | undefined): string | undefined {
  if (!blocked) return 'No step is blocked.';
  if (given?.step !== blocked.step) return `The blocked step is ${blocked.step}, not ${given?.step}.`;
  if (given.attempt !== blocked.attempt) return `Attempt ${blocked.attempt} is blocked, not ${given.attempt}.`;
  if (!['retry', 'skip', 'abort'].includes(given.action ?? '')) return 'action must be retry, skip or abort.';
  if (given.action === 'skip' && !blocked.skippable) return `${blocked.step} cannot be skipped: later steps need it.`;
  if (given.action === 'skip' && !given.note?.trim()) return 'skip needs a note that says why.';
  return undefined;
}
