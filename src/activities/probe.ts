import { sharedPki } from '../cluster/kubeadm/certificates.js';
import type { ObjectRef } from './facts/facts.js';
import type { HostView } from './step.js';

/** GETs `path` from a server as seen from the host; undefined when it answers 200, else what went wrong. `ca`: see `ServedRef`. */
export async function probe(host: HostView, server: string, path: string, ca?: string): Promise<string | undefined> {
  return host.now.served({ server, path, ca });
}

/**
 * Waits until kube-proxy on this host leads the cluster's own address of the API server to one. A pod that asks a Service before that is not
 * merely early: the kernel remembers its connection as one without a way, and it stays silent.
 */
export function untilServicesAnswer(host: HostView, services: string): Promise<void> {
  const answers = () => probe(host, services, '/livez', `${sharedPki.ca}.crt`);
  return host.until('kube-proxy to lead to the Services of the cluster', 240, answers, kubeProxyHint);
}

const kubeProxyHint =
  'the evidence has its log; kubectl -n kube-system delete configmap,daemonset kube-proxy lets bootstrap make both anew from cluster.yaml';

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
