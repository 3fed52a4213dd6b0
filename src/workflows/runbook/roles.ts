import { firstControlPlaneOf, isControlPlane, isEtcdHost, isNode } from '../../cluster/cluster.js';
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

export function isFirstEtcdHost(cluster: Cluster, host: HostRecord): boolean {
  return isEtcdHost(host) && host.name === cluster.firstEtcdMember;
}

export function isOtherEtcdHost(cluster: Cluster, host: HostRecord): boolean {
  return isEtcdHost(host) && !isFirstEtcdHost(cluster, host);
}

export function isJoining(cluster: Cluster, host: HostRecord): boolean {
  return isNode(host) && !isFirstControlPlane(cluster, host);
}

export function isWorkerNode(_cluster: Cluster, host: HostRecord): boolean {
  return isNode(host) && !isControlPlane(host);
}

/** Where static pods run before there is a node; for good where there is to be none. */
export function runsStandaloneKubelet(_cluster: Cluster, host: HostRecord): boolean {
  return host.roles.includes('bootstrap') || isControlPlane(host) || !isNode(host);
}

/** The host whose etcd knows the others and is told of them. */
export function etcdMember({ spec, firstEtcdMember }: Cluster): HostTarget {
  return hostTarget(spec, firstEtcdMember);
}

/** Who lets the others in: the first control plane, and its own API server. */
export function admitting(cluster: Cluster): { host: HostTarget; server: string } {
  const first = firstControlPlaneOf(cluster);
  return { host: hostTarget(cluster.spec, first.name), server: localApiServer(first) };
}
