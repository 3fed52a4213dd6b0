import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { clusterFileOf, commandOf, hostProgressQuery, progressQuery } from '../workflows/messages.js';
import type { HostProgress, RunProgress } from '../workflows/messages.js';
import { workflowId } from './client.js';

/** One look at a run: what its workflows say, and what the server knows of attempts that are under way. */
export interface RunView {
  cluster: string;
  runId: string;
  /** Its cluster.yaml. */
  file: string;
  /** That follows it, and with `--approve HASH` agrees to its plan. */
  command: string;
  /** Temporal's own status; the workflows say the rest. */
  execution: WorkflowExecutionDescription['status']['name'];
  /** Undefined when no worker answers the query. */
  progress?: RunProgress;
  hosts: HostView[];
}

export interface HostView extends HostProgress {
  phase: string;
  /** Why the step that runs now is not getting on: `waiting for ssh`, or that its worker was lost. */
  waiting?: string;
}

/** What `now` could not see, because a worker was away for a moment, as it was `before`. */
export function remembering(before: RunView | undefined, now: RunView): RunView {
  const progress = now.progress ?? before?.progress;
  const phases = progress?.phases.filter(({ status }) => status !== 'waiting') ?? [];
  const hosts = phases.flatMap(({ title, hosts }) =>
    hosts.flatMap(({ host }) => hostIn(now, title, host) ?? hostIn(before, title, host) ?? []),
  );
  return { ...now, progress, hosts };
}

function hostIn(view: RunView | undefined, phase: string, host: string): HostView | undefined {
  return view?.hosts.find((each) => each.phase === phase && each.host === host);
}

/**
 * Looks for at most some seconds, because without a worker nobody answers the queries. Hosts that were done in `before`, an earlier look at the same
 * run, are not asked again: a worker keeps no closed workflow, so it would go through all of its history for each answer.
 */
export async function lookAtRun(
  client: Client,
  cluster: string,
  { runId, before }: { runId?: string; before?: RunView } = {},
): Promise<RunView> {
  return client.withDeadline(Date.now() + longestLookMs, () => look(client, cluster, runId, before));
}

const longestLookMs = 3000;

async function look(client: Client, cluster: string, runId?: string, before?: RunView): Promise<RunView> {
  const handle = client.workflow.getHandle(workflowId(cluster), runId);
  const [description, progress] = await Promise.all([handle.describe(), handle.query(progressQuery).catch(noAnswer)]);
  const phases = progress?.phases.filter(({ status }) => status !== 'waiting') ?? [];
  // Of a host that was left out, nothing goes on any more.
  const isLeftOut = (host: string) => progress?.quarantined.some((each) => each.host === host);
  const hosts = phases.flatMap(({ title, hosts }) =>
    hosts
      .filter(({ host }) => !isLeftOut(host))
      .map(async ({ host, workflowId }) => {
        const seen = hostIn(before, title, host);
        return seen?.status === 'done' ? seen : lookAtHostPhase(client, workflowId, title);
      }),
  );
  return {
    cluster,
    runId: description.runId,
    file: clusterFileOf(description.memo),
    command: commandOf(description.memo),
    execution: description.status.name,
    progress,
    hosts: (await Promise.all(hosts)).filter((host) => host !== undefined),
  };
}

async function lookAtHostPhase(client: Client, workflowId: string, phase: string): Promise<HostView | undefined> {
  const handle = client.workflow.getHandle(workflowId);
  const [progress, description] = await Promise.all([
    handle.query(hostProgressQuery).catch(noAnswer),
    handle.describe().catch(noAnswer),
  ]);
  return progress && { ...progress, phase, waiting: description && waitingFor(client, description) };
}

function waitingFor(client: Client, { raw }: WorkflowExecutionDescription): string | undefined {
  const [activity] = raw.pendingActivities ?? [];
  if (!activity?.lastFailure || (activity.attempt ?? 1) <= 1) return undefined;
  const { failureConverter, payloadConverter } = client.options.loadedDataConverter;
  const failure = failureConverter.failureToError(activity.lastFailure, payloadConverter);
  if (!(failure instanceof ApplicationFailure)) return 'its worker was lost; starting again';
  return failure.type === 'SSH_UNREACHABLE' ? `waiting for ssh: ${failure.message}` : failure.message;
}

/** Neither a worker that is down nor a child that has not begun is worth an error: the next look will tell. */
function noAnswer(): undefined {
  return undefined;
}
