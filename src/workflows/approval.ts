import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import { approveSignal, approveUpdate } from './messages.js';
import type { Approval, RunProgress } from './messages.js';

/** Where a plan waits for somebody's word. */
export interface Approvals {
  /** Returns when the plan that waits was agreed to. */
  given(): Promise<void>;
}

/** Sets the handlers, so call it first thing in the workflow. */
export function openApproval(progress: () => RunProgress): Approvals {
  let approval: Approval | undefined;

  const whyNot = (given: Partial<Approval> | undefined): string | undefined => {
    const { status, plan } = progress();
    if (status !== 'waiting for approval' || approval) return 'No plan waits for approval.';
    return given?.hash === plan?.hash ? undefined : `The plan that waits is ${plan?.hash}, not ${given?.hash}.`;
  };
  const approve = (given: Approval): void => {
    if (!whyNot(given)) approval = given;
  };
  const description =
    'Agree to the plan that waits: {"hash": "…", "by": "who"}. The hash stands in the current details.';
  setHandler(approveSignal, approve, { description });
  setHandler(approveUpdate, approve, {
    description,
    validator: (given) => {
      const refusal = whyNot(given);
      if (refusal) throw ApplicationFailure.nonRetryable(refusal, 'APPROVAL_REFUSED');
    },
  });

  return { given: () => condition(() => approval !== undefined) };
}
