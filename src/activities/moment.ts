import { Context } from '@temporalio/activity';
import { hostname, userInfo } from 'node:os';
import { showLine } from './heartbeat.js';

/** What an activity knows of its own run: for the fence, the log, and the line that people see while it goes on. */
export interface Moment {
  /** When the server scheduled this attempt: grows with each, also after a reset. */
  attempt: number;
  /** The worker. */
  who: string;
  signal: AbortSignal;
  show(line: string): void;
  log(sentence: string): void;
}

/** Of the activity that calls it. */
export function thisMoment(): Moment {
  const context = Context.current();
  return {
    attempt: context.info.currentAttemptScheduledTimestampMs,
    who: workerName,
    signal: context.cancellationSignal,
    show: (line) => showLine(context, line),
    log: (sentence) => context.log.info(sentence),
  };
}

const workerName = `${userInfo().username}@${hostname()}`;
