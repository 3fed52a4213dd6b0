import { firstControlPlaneOf, isControlPlane } from '../../cluster/cluster.js';
import type { Cluster, HostRecord } from '../../cluster/cluster.js';
import { localApiServer } from '../../cluster/kubeadm/certificates.js';
import type { HostTarget } from '../../host/target.js';
import { hostTarget } from '../host-target.js';

export function isBootstrapHost(_cluster: Cluster, host: HostRecord): boolean {
  return host.roles.includes('bootstrap');
}

export function isFirstControlPlane(cluster: Cluster, host: HostRecord): boolean {
  return host.name === cluster.firstControlPlane;
}

export function isOtherControlPlane(cluster: Cluster, host: HostRecord): boolean {
  return isControlPlane(host) && !isFirstControlPlane(cluster, host);
}

/** Who lets the others in: the first control plane, and its own API server. */
export function admitting(cluster: Cluster): { host: HostTarget; server: string } {
  const first = firstControlPlaneOf(cluster);
  return { host: hostTarget(cluster.spec, first.name), server: localApiServer(first) };
}
