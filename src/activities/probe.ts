import type { ObjectRef } from './facts/facts.js';
import type { HostView } from './step.js';

/** GETs `path` from a server as seen from the host; undefined when it answers 200, else what went wrong. `ca`: see `ServedRef`. */
export async function probe(host: HostView, server: string, path: string, ca?: string): Promise<string | undefined> {
  return host.now.served({ server, path, ca });
}

/** Undefined when the API object has the condition, such as Ready, else what it says instead. */
export async function probeCondition(host: HostView, ref: ObjectRef, type: string): Promise<string | undefined> {
  const object = await host.now.object(ref);
  if (!object) return `there is no ${ref.kind} ${ref.name}`;
  const { conditions = [] } = (object.status ?? {}) as { conditions?: Condition[] };
  const condition = conditions.find((each) => each.type === type);
  if (condition?.status === 'True') return undefined;
  return `${ref.kind} ${ref.name} is not ${type}: ${condition?.message ?? 'nobody has looked at it yet'}`;
}

interface Condition {
  type: string;
  status: string;
  message?: string;
}
