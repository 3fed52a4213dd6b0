import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';
import type { ClusterSummary } from '../workflows/messages.js';
import { workflowId } from './client.js';
import type { Connected } from './client.js';
import { keepUp } from './embedded/keep-up.js';
import { lookAtRun, remembering } from './run-view.js';
import type { RunView } from './run-view.js';
import type { Screen } from './views/screen.js';

/** Why there is nothing more to see for now. */
export type Pause = 'closed' | 'approval' | 'blocked' | 'detached';

export interface FollowOptions {
  screen: Screen;
  /** Return as soon as the run waits for a person; otherwise go on looking until somebody answers it. */
  stopWhenWaiting: boolean;
}

/** `view` is what was seen last; only who detaches may have seen nothing. */
type Followed = { pause: Exclude<Pause, 'detached'>; view: RunView } | { pause: 'detached'; view?: RunView };

const lookEveryMs = 500;

/** Shows the run until it is closed, waits for a person, or Ctrl-C. What died meanwhile of the embedded server and worker is started again. */
export async function follow(
  { client }: Connected,
  { cluster, runId }: { cluster: string; runId: string },
  { screen, stopWhenWaiting }: FollowOptions,
): Promise<Followed> {
  const interrupted = new AbortController();
  const onInterrupt = (): void => interrupted.abort();
  process.once('SIGINT', onInterrupt);
  const keeper = keepUp();
  try {
    for (let view: RunView | undefined; ;) {
      const seen = await lookAtRun(client, cluster, { runId, before: view }).catch(() => undefined);
      if (seen) screen.show((view = remembering(view, seen)));
      const pause = view && pauseOf(view);
      if (view && pause && (pause === 'closed' || stopWhenWaiting)) return { pause, view };
      if (interrupted.signal.aborted) return { pause: 'detached', view };
      await sleep(lookEveryMs, undefined, { signal: interrupted.signal }).catch(() => {});
      if (keeper.failure) throw keeper.failure;
    }
  } finally {
    process.off('SIGINT', onInterrupt);
    keeper.stop();
    screen.close();
  }
}

export type Outcome =
  | { status: 'done'; summary: ClusterSummary }
  | { status: 'failed' | 'aborted'; code: string; message: string; details: unknown };

/** How a closed run ended. */
export async function outcomeOf({ client }: Connected, cluster: string, runId: string): Promise<Outcome> {
  try {
    const result = await client.workflow.getHandle(workflowId(cluster), runId).result();
    return { status: 'done', summary: result as ClusterSummary };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return outcomeOfFailure(error);
  }
}

export function outcomeOfFailure({ cause, message }: WorkflowFailedError): Outcome {
  const failure = cause instanceof ApplicationFailure ? cause : undefined;
  const code =
    failure?.type ??
    (cause instanceof CancelledFailure || cause instanceof TerminatedFailure ? 'ABORTED' : 'UNEXPECTED');
  return {
    status: code === 'ABORTED' ? 'aborted' : 'failed',
    code,
    message: cause?.message ?? message,
    details: failure?.details?.[0],
  };
}

/** With many hosts the run is blocked for good only when no other host gets on. */
function pauseOf({ execution, progress, hosts }: RunView): Exclude<Pause, 'detached'> | undefined {
  if (execution !== 'RUNNING') return 'closed';
  if (progress?.status === 'waiting for approval') return 'approval';
  const busy = hosts.filter(({ status }) => status === 'running' || status === 'held');
  return progress?.status === 'blocked' && busy.length === 0 ? 'blocked' : undefined;
}
