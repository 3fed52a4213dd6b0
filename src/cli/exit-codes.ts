import { errorCodes } from '../cluster/errors.js';
import type { ErrorCode } from '../cluster/errors.js';

/** What every command ends with. */
export const exitCodes = {
  done: 0,
  failed: 1,
  /** Bad input or bad hosts; nothing was touched. */
  badInput: 2,
  /** Waiting for you: a step is blocked, a plan waits for approval, another run is open. */
  waiting: 3,
  /** No server or no worker. */
  noService: 4,
  aborted: 5,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A failed run or command by its error code. Mistakes end a run only before anything was touched; later ones wait at the gate. */
export function exitCodeOf(code: string): ExitCode {
  if (code === 'ABORTED') return exitCodes.aborted;
  if (code === 'RUN_OPEN') return exitCodes.waiting;
  if (code === 'NO_SERVER' || code === 'NO_WORKER') return exitCodes.noService;
  const known = code in errorCodes ? errorCodes[code as ErrorCode] : undefined;
  return known?.nature === 'mistake' ? exitCodes.badInput : exitCodes.failed;
}
