import { controlPlanesOf, type Cluster, type HostRecord } from './cluster.js';

/** Everything that has an opinion on who holds the virtual IP. Addresses are those of the control plane network. */
export interface VirtualRouter {
  virtualIP: string;
  /** VRRP's number of a group, 1 to 255; who has another one does not listen. */
  routerId: number;
  /** 1 to 254; the highest of those that can is elected. */
  priority: number;
  address: string;
  peers: string[];
}

export function virtualRouterOf(cluster: Cluster, host: HostRecord): VirtualRouter {
  const { virtualIP } = cluster.spec.apiServer;
  if (!virtualIP) throw new Error('this cluster has no virtual IP');
  const routers = controlPlanesOf(cluster);
  return {
    virtualIP,
    routerId: virtualRouterId(cluster.spec.name),
    priority: vrrpPriority(
      routers.findIndex(({ name }) => name === host.name),
      routers.length,
    ),
    address: host.controlPlaneAddress,
    peers: routers.filter(({ name }) => name !== host.name).map(({ controlPlaneAddress }) => controlPlaneAddress),
  };
}

/** The same for the same cluster everywhere and always: FNV-1a of its name. */
export function virtualRouterId(clusterName: string): number {
  let hash = 0x811c9dc5;
  for (const character of clusterName) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return 1 + (hash % 255);
}

/** Of the control plane number `index`. Far apart, because a lower one waits longer before it stands for election: so two seldom do at once. */
export function vrrpPriority(index: number, count: number): number {
  return Math.max(1, Math.round((250 * (count - index)) / count));
}
