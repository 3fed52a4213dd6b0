import type { Cluster } from '../cluster.js';
import { virtualRouterId } from '../virtual-ip.js';
import type { NetworkSeen, Problem } from './seen.js';

/** Two clusters with one id on one segment take the virtual IP from each other. Our own keepalived is heard too, and is no stranger. */
export function* virtualRouterProblems({ spec, hosts }: Cluster, { reads }: NetworkSeen): Iterable<Problem> {
  const own = hosts.flatMap((host) => [host.controlPlaneAddress, host.workloadPlaneAddress]);
  const routerId = virtualRouterId(spec.name);
  for (const { host, announced = [] } of reads) {
    const stranger = announced.find((each) => each.routerId === routerId && !own.includes(each.from));
    if (!stranger) continue;
    const message = `${stranger.from} already announces virtual router ${routerId}, which is this cluster's, by VRRP`;
    yield { host, check: 'VirtualRouterId', message, hint: 'choose another metadata.name: the id is made from it' };
  }
}
