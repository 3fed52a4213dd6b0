import { isNode, peersOf, type Cluster, type HostRecord } from '../cluster.js';
import { openingsOf, waysOf } from '../openings.js';
import type { Listening, Plane, Targets } from './seen.js';

/** What `host` has to reach of its peers, as far as somebody listens there, and their SSH server, which says that they live. */
export function targetsOf(cluster: Cluster, host: HostRecord, listening: readonly Listening[]): Targets {
  const serving = new Set(listening.flatMap((each) => each.serving));
  const peers = peersOf(cluster, host);
  const dials = peers.flatMap((peer) => [...waysBetween(cluster, host, peer), sshOf(cluster, peer)]);
  return {
    dials: dials.filter((dial) => serving.has(dial) || peers.some((peer) => dial === sshOf(cluster, peer))),
    pings: peers.flatMap((peer) => pingsBetween(host, peer, listening)),
  };
}

/** `address:port` of every TCP socket of `peer` that the port table opens to `host`. */
export function waysBetween(cluster: Cluster, host: HostRecord, peer: HostRecord): string[] {
  const ways = waysOf(openingsOf(cluster, peer)).filter(
    ({ from, to, protocol }) => protocol === 'tcp' && hasAddress(peer, to) && (!from || hasAddress(host, from)),
  );
  return [...new Set(ways.map(({ to, port }) => `${to}:${port}`))];
}

export function hasAddress({ controlPlaneAddress, workloadPlaneAddress }: HostRecord, address: string): boolean {
  return [controlPlaneAddress, workloadPlaneAddress].includes(address);
}

/** Where sshd of `host` listens, seen from its peers. */
export function sshOf({ spec }: Cluster, host: HostRecord): string {
  const port = spec.hosts.find(({ name }) => name === host.name)?.ssh.port;
  return `${host.controlPlaneAddress}:${port ?? 22}`;
}

function pingsBetween(host: HostRecord, peer: HostRecord, listening: readonly Listening[]): Targets['pings'] {
  const mtuOf = ({ name }: HostRecord, plane: Plane) =>
    listening.find((each) => each.host === name)?.links[plane]?.mtu ?? 0;
  const ping = (plane: Plane, address: string) => ({
    address,
    size: Math.min(mtuOf(host, plane), mtuOf(peer, plane)),
  });
  const onControlPlane = ping('controlPlane', peer.controlPlaneAddress);
  const isOnePlane = peer.workloadPlaneAddress === peer.controlPlaneAddress || !isNode(host);
  if (isOnePlane) return [onControlPlane];
  return [onControlPlane, ping('workloadPlane', peer.workloadPlaneAddress)];
}
