import type { Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';

/** How long each activity took on a real host, in milliseconds: the median over all hosts and runs that the server knows. */
export async function recordLatencies({ workflow }: Client): Promise<Record<string, number>> {
  const seen = new Map<string, number[]>();
  for await (const { workflowId, runId } of workflow.list()) {
    const { events } = await workflow.getHandle(workflowId, runId).fetchHistory();
    for (const { activityTaskCompletedEventAttributes: completed, eventTime } of events ?? []) {
      if (!completed) continue;
      const at = (id: typeof completed.scheduledEventId) => events!.find(({ eventId }) => eventId?.eq(id!));
      const type = at(completed.scheduledEventId)!.activityTaskScheduledEventAttributes!.activityType!.name!;
      const took = tsToMs(eventTime) - tsToMs(at(completed.startedEventId)!.eventTime);
      seen.set(type, [...(seen.get(type) ?? []), took]);
    }
  }
  return Object.fromEntries([...seen].map(([type, times]) => [type, Math.round(median(times))]));
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
