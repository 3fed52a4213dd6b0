import type { ActivityOptions } from '@temporalio/workflow';
import { errorCodes } from '../cluster/errors.js';
import type { ErrorCode, ErrorNature } from '../cluster/errors.js';

/**
 * Every activity beats each second; this long without a beat, and its worker counts as dead: its step goes on elsewhere within five seconds of its
 * death. A worker that merely had no processor for so long is interrupted for nothing, which the fence makes harmless.
 */
const heartbeatTimeout = '3 seconds';

/** What a reachable host, or a person's mistake, answered: the server does not repeat these, the workflow decides. */
const answers = Object.keys(errorCodes).filter((code) => errorCodes[code as ErrorCode].nature !== 'unreachable');

/**
 * A retry policy cannot tell a dead worker from a failed command, so the two are kept apart: the server repeats, without limit, only what says
 * nothing about the host (worker gone, connection lost, host rebooting); every other failure comes back to the workflow, which counts it in
 * `triesOf`. So no outage, however long, uses up a try.
 */
const untilAnswered = {
  initialInterval: '0.5 seconds',
  maximumInterval: '5 seconds',
  nonRetryableErrorTypes: [...answers, 'UNEXPECTED'],
};

/** An abort ends a run when its steps have stopped, not before. (The SDK's documentation calls this the default; 1.24 sends TRY_CANCEL.) */
const cancellationType = 'WAIT_CANCELLATION_COMPLETED';

export const patience = {
  /** One step on one host. The longest ones (packages, images) run on the host by themselves and are attached to again. */
  step: { startToCloseTimeout: '1 hour', heartbeatTimeout, cancellationType, retry: untilAnswered },
  /** Reading a whole host, when the run has begun. */
  read: { startToCloseTimeout: '10 minutes', heartbeatTimeout, cancellationType, retry: untilAnswered },
  /** Before anything was touched an unreachable host is a finding for the user, who may have mistyped its address. */
  look: { startToCloseTimeout: '1 minute', heartbeatTimeout, retry: { ...untilAnswered, maximumAttempts: 4 } },
  /** After an abort: whoever ended the run waits for it, and what could not be taken back the next run finds. */
  undo: { startToCloseTimeout: '1 minute', heartbeatTimeout, retry: { ...untilAnswered, maximumAttempts: 3 } },
  /** For the person at the gate: nice to have, so it must not hold up the question. */
  evidence: { startToCloseTimeout: '30 seconds', heartbeatTimeout, retry: { maximumAttempts: 2 } },
} satisfies Record<string, ActivityOptions>;

/**
 * How often the workflow starts a step that failed on a reachable host, before it asks a person. Three, five seconds apart: what passes by
 * itself (a lock, an API server that restarts) passes within seconds, and each further try only delays the message.
 */
export function triesOf(code: string): number {
  // NOT_READY has waited its whole time already.
  return natureOf(code) === 'failure' && code !== 'NOT_READY' ? 3 : 1;
}

export function natureOf(code: string): ErrorNature {
  return code in errorCodes ? errorCodes[code as ErrorCode].nature : 'failure';
}

export const pauseBetweenTries = '5 seconds';
