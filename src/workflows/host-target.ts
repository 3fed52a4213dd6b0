import type { ClusterSpec } from '../cluster/spec.js';
import type { HostTarget } from '../host/target.js';

/** How to reach the host `name` of the spec. */
export function hostTarget(spec: ClusterSpec, name: string): HostTarget {
  const host = spec.hosts.find((candidate) => candidate.name === name);
  if (!host) throw new RangeError(`no host ${name} in cluster ${spec.name}`);
  return { name, address: host.address, ...host.ssh };
}
