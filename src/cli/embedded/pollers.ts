import type { WorkflowService } from '@temporalio/client';
import { taskQueue } from '../../worker/settings.js';

/** `TASK_QUEUE_TYPE_WORKFLOW` of Temporal's API; a worker of ours polls both kinds or none. */
const workflowTasks = 1;

/** Identities of the workers that asked for Temper's tasks in the last minutes, killed ones among them. */
export async function pollersOf(service: WorkflowService, namespace: string): Promise<string[]> {
  const { pollers } = await service.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: workflowTasks,
  });
  return pollers.map(({ identity }) => identity ?? '');
}
