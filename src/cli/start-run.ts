import { resolve } from 'node:path';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { TemperError } from '../cluster/errors.js';
import { specDigest } from '../cluster/parse.js';
import type { ClusterSpec } from '../cluster/spec.js';
import { taskQueue } from '../worker/settings.js';
import type { bootstrap } from '../workflows/bootstrap.js';
import type { BootstrapInput, RunMemo } from '../workflows/messages.js';
import { searchAttributes } from '../workflows/search-attributes.js';
import { workflowId } from './client.js';
import { differences } from './differences.js';

/** Ten seconds, the server's default, would be the time that a killed worker costs when it was just thinking. */
const workflowTaskTimeout = '4 seconds';

/**
 * Starts the bootstrap of a cluster, or attaches to the one that is open with the same cluster.yaml. Throws RUN_OPEN when another operation, or
 * a bootstrap with another cluster.yaml, is open: one workflow id for all makes sure that there is never more than one.
 */
export async function startBootstrap(client: Client, input: BootstrapInput, file: string): Promise<Started> {
  const memo: RunMemo = {
    operation: 'bootstrap',
    specDigest: specDigest(input.spec),
    without: spelled(input.without),
    add: spelled(input.add),
    file: resolve(file),
  };
  const id = workflowId(input.spec.name);
  try {
    const handle = await client.workflow.start<typeof bootstrap>('bootstrap', {
      workflowId: id,
      taskQueue,
      workflowTaskTimeout,
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      memo: { ...memo },
      staticSummary: `Bootstrap ${input.spec.name}`,
      typedSearchAttributes: [{ key: searchAttributes.cluster, value: input.spec.name }],
      args: [input],
    });
    return { runId: handle.firstExecutionRunId, attached: false };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  const open = client.workflow.getHandle(id);
  const { memo: openMemo, runId } = await open.describe();
  const isSame = (['operation', 'specDigest', 'without', 'add'] as const).every((key) => openMemo?.[key] === memo[key]);
  if (isSame) return { runId, attached: true };
  throw await runIsOpen(open, input.spec, String(openMemo?.operation));
}

function spelled(hosts: string[] = []): string {
  return hosts.toSorted().join(' ');
}

export interface Started {
  runId: string;
  attached: boolean;
}

async function runIsOpen(open: WorkflowHandle, spec: ClusterSpec, operation: string): Promise<TemperError> {
  const theirs = await specOf(open);
  const differing = theirs ? differences(theirs, spec) : [];
  const what = differing.length > 0 ? `; its cluster.yaml differs in ${differing.join(', ')}` : '';
  return new TemperError('RUN_OPEN', `a ${operation} of ${spec.name} is open (${open.workflowId})${what}`, {
    hint: `temper watch ${spec.name}, or temper abort ${spec.name} and then again: the new run goes on from what stands`,
  });
}

/** What the open run was started with, from the first event of its history. */
async function specOf(open: WorkflowHandle): Promise<ClusterSpec | undefined> {
  const { client, workflowId } = open;
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId },
    maximumPageSize: 1,
  });
  const [payload] = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  if (!payload) return undefined;
  const { payloadCodecs, payloadConverter } = client.options.loadedDataConverter;
  let decoded = [payload];
  for (const codec of payloadCodecs) decoded = await codec.decode(decoded);
  return payloadConverter.fromPayload<BootstrapInput>(decoded[0]!).spec;
}
