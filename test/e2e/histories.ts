import { Client, Connection } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import { tsToMs } from '@temporalio/common/lib/time.js';

import type { Fixture } from './fixture.js';

export interface ActivityRecord {
  type: string;
  summary: string;
  inputBytes: number;
}

export interface Histories {
  activities: ActivityRecord[];
  /** Every payload, decoded, as one text to search in. */
  payloads: string;
  /** When an activity was started, in order, in milliseconds since the epoch: of each the attempt that succeeded. */
  starts: number[];
}

/** All that Temporal keeps of every run. */
export async function exportHistories(fixture: Fixture): Promise<Histories> {
  const { stdout } = await fixture.temper('up', '--json');
  const { address, temporalNamespace } = JSON.parse(stdout) as { address: string; temporalNamespace: string };
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection, namespace: temporalNamespace });
    const histories: History[] = [];
    for await (const { workflowId, runId } of client.workflow.list()) {
      histories.push(await client.workflow.getHandle(workflowId, runId).fetchHistory());
    }
    return {
      activities: histories.flatMap((history) => activitiesOf(history)),
      payloads: histories.map(everyText).join('\n'),
      starts: histories.flatMap(startsIn).sort((a, b) => a - b),
    };
  } finally {
    await connection.close();
  }
}

function activitiesOf({ events }: History): ActivityRecord[] {
  return (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled, userMetadata }) =>
    scheduled
      ? {
          type: scheduled.activityType?.name ?? '',
          summary: JSON.parse(textOf(userMetadata?.summary?.data) || '""') as string,
          inputBytes: (scheduled.input?.payloads ?? []).reduce((sum, { data }) => sum + (data?.length ?? 0), 0),
        }
      : [],
  );
}

function startsIn({ events }: History): number[] {
  return (events ?? []).flatMap(({ activityTaskStartedEventAttributes: started, eventTime }) =>
    started ? tsToMs(eventTime) : [],
  );
}

/** Every string and every payload below `value`; payloads are bytes that can be searched as text. */
function everyText(value: unknown): string {
  if (value instanceof Uint8Array) return textOf(value);
  if (typeof value === 'string') return value;
  return value !== null && typeof value === 'object' ? Object.values(value).map(everyText).join('\n') : '';
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString('latin1');
}
