import { ApplicationFailure } from '@temporalio/activity';
import type { Context } from '@temporalio/activity';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { TemperError } from '../cluster/errors.js';
import { masked } from '../cluster/masked.js';

/** Around every activity: it beats each second with the last line that it showed, and its errors leave in one form. */
export const activityEdge: ActivityInterceptorsFactory = (context) => ({
  inbound: {
    execute: async (input, next) => {
      const beat = setInterval(() => context.heartbeat(lastLines.get(context)), 1000);
      try {
        return await next(input);
      } catch (error) {
        // Whatever an abort looked like down below: only this reason makes the server take a pause or a reset.
        throw context.cancellationSignal.aborted ? context.cancellationSignal.reason : failureOf(error);
      } finally {
        clearInterval(beat);
      }
    },
  },
});

/** What the activity is at, for the Web UI and for who waits. */
export function showLine(context: Context, line: string): void {
  lastLines.set(context, masked(line));
}

const lastLines = new WeakMap<Context, string>();

/** For the person at the gate; the server keeps a failure small. */
const longestEvidence = 16 * 1024;

/** Its type is the code. The server repeats only what says nothing about the host; all else the workflow decides about. */
export function failureOf(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  const known = error instanceof TemperError ? error : undefined;
  const { hint, evidence } = known ?? {};
  return ApplicationFailure.create({
    message: masked(error instanceof Error ? error.message : String(error)),
    type: known?.code ?? 'UNEXPECTED',
    nonRetryable: known?.nature !== 'unreachable',
    details: [{ hint: hint && masked(hint), evidence: evidence && masked(evidence).slice(-longestEvidence) }],
  });
}
