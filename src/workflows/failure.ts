import { ApplicationFailure, isCancellation, TemporalFailure, TimeoutFailure } from '@temporalio/workflow';

/** What an activity or a child says went wrong, in our own words. Details come from the activity's edge (src/activities/heartbeat.ts). */
export interface Failure {
  code: string;
  message: string;
  hint?: string;
  evidence?: string;
}

/** Throws what is not for the gate: a cancellation, and a mistake in workflow code itself. */
export function failureOf(error: unknown): Failure {
  if (isCancellation(error)) throw error;
  // What never answered was not refused either: a person may try it again.
  if (timedOut(error))
    return { code: 'UNEXPECTED', message: 'no answer in time: its worker was lost, or the host hangs' };
  const failure = applicationFailure(error);
  if (!failure) throw error;
  const details = failure.details?.[0] as Pick<Failure, 'hint' | 'evidence'> | undefined;
  return {
    code: failure.type ?? 'UNEXPECTED',
    message: failure.message,
    hint: details?.hint,
    evidence: details?.evidence,
  };
}

/** The same failure without the wrapping of child workflow and activity, so that the run's own page shows what is wrong in its first line. */
export function unwrapped(error: unknown): unknown {
  const failure = isCancellation(error) ? undefined : applicationFailure(error);
  return failure ? ApplicationFailure.nonRetryable(failure.message, failure.type, ...(failure.details ?? [])) : error;
}

function timedOut(error: unknown): boolean {
  return error instanceof TimeoutFailure || (error instanceof TemporalFailure && timedOut(error.cause));
}

function applicationFailure(error: unknown): ApplicationFailure | undefined {
  if (error instanceof ApplicationFailure) return error;
  return error instanceof TemporalFailure ? applicationFailure(error.cause) : undefined;
}
