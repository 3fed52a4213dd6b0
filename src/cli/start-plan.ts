import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { ClusterSpec } from '../cluster/spec.js';
import { taskQueue } from '../worker/settings.js';
import type { planCluster } from '../workflows/plan-cluster.js';
import type { PlannedCluster } from '../workflows/messages.js';
import { searchAttributes } from '../workflows/search-attributes.js';
import { workflowId } from './client.js';

/** Plans a cluster beside whatever runs on it, because planning only reads: so its workflow has an id of its own. */
export async function planOf(client: Client, spec: ClusterSpec): Promise<PlannedCluster> {
  return client.workflow.execute<typeof planCluster>('planCluster', {
    workflowId: `${workflowId(spec.name)}/plan/${randomUUID()}`,
    taskQueue,
    staticSummary: `Plan ${spec.name}`,
    typedSearchAttributes: [{ key: searchAttributes.cluster, value: spec.name }],
    args: [{ spec }],
  });
}
