import { contains } from './addresses.js';
import { isControlPlane, isNode, peersOf, runsEtcd, type Cluster, type HostRecord } from './cluster.js';
import { portOf, rowsOf, type Audience, type PortRow, type SocketPort } from './ports.js';

/** What firewalld has to let in on a host. Who is let in stands once, so that fifty hosts are still a small input. */
export interface Openings {
  /** Addresses and networks, or anybody. */
  audiences: Partial<Record<Audience, string[] | 'anywhere'>>;
  openings: Opening[];
  /** Networks that the zone `trusted` is given. */
  trustedSources: string[];
}

interface Opening extends SocketPort {
  /** Addresses of the host, and the virtual IP. */
  to: string[];
  from: Audience;
}

/** A connection that has to be possible. */
export interface Way extends SocketPort {
  /** Undefined: from anywhere. */
  from?: string;
  to: string;
}

/** From the port table: for each of the host's sockets that others need, those who need it. */
export function openingsOf(cluster: Cluster, host: HostRecord): Openings {
  const openings = rowsOf(cluster, host).flatMap((row): Opening[] =>
    row.openTo ? [{ ...portOf(row, cluster), to: destinations(row, cluster, host), from: row.openTo }] : [],
  );
  const audiences = Object.fromEntries(openings.map(({ from }) => [from, audience(from, cluster, host)]));
  // firewalld rejects what is forwarded to the CNI's interfaces, which are in no zone, unless a zone accepts its source.
  const trustedSources = isNode(host) ? [cluster.spec.networks.pods] : [];
  return { audiences, openings, trustedSources };
}

/** Every single way that the openings are made for. */
export function waysOf({ audiences, openings }: Openings): Way[] {
  return openings.flatMap(({ from, to, protocol, port }) => {
    const sources = audiences[from] === 'anywhere' ? [undefined] : (audiences[from] ?? []);
    return to.flatMap((destination) => sources.map((source) => ({ from: source, to: destination, protocol, port })));
  });
}

/** Spelled as firewall-cmd lists it: what is open is found by comparing text. */
export function richRule({ from, to, protocol, port }: Way): string {
  return [
    'rule family="ipv4"',
    ...(from ? [`source address="${from}"`] : []),
    `destination address="${to}"`,
    protocol === 'vrrp' ? 'protocol value="vrrp"' : `port port="${port}" protocol="${protocol}"`,
    'accept',
  ].join(' ');
}

function destinations(row: PortRow, cluster: Cluster, host: HostRecord): string[] {
  const { virtualIP } = cluster.spec.apiServer;
  if (row.openTo === 'overlay') return [host.workloadPlaneAddress];
  return row.openTo === 'API clients' && virtualIP ? [host.controlPlaneAddress, virtualIP] : [host.controlPlaneAddress];
}

function audience(name: Audience, cluster: Cluster, host: HostRecord): string[] | 'anywhere' {
  const { apiServerFrom } = cluster.spec.firewall;
  const peers = peersOf(cluster, host);
  const from = (hosts: HostRecord[]) => [...new Set(hosts.flatMap((peer) => addressesTowards(cluster, host, peer)))];
  switch (name) {
    case 'API clients':
      return apiServerFrom.length ? [...apiServerFrom, ...from(peers.filter(isNode))] : 'anywhere';
    case 'hosts':
      return from(peers);
    case 'control planes':
      return from(peers.filter(isControlPlane));
    case 'etcd members':
      return from(peers.filter((peer) => runsEtcd(cluster, peer)));
    case 'etcd clients':
      return from(peers.filter((peer) => isControlPlane(peer) || runsEtcd(cluster, peer)));
    case 'overlay':
      return peers.filter(isNode).map(({ workloadPlaneAddress }) => workloadPlaneAddress);
  }
}

/** To a host in another network the kernel speaks from the address where its route begins, and the default route may lie in the workload plane. */
function addressesTowards({ spec }: Cluster, host: HostRecord, peer: HostRecord): string[] {
  const { controlPlaneAddress, workloadPlaneAddress } = peer;
  const sharesNetwork = spec.networks.controlPlane.some((cidr) =>
    [host.controlPlaneAddress, controlPlaneAddress].every((address) => contains(cidr, address)),
  );
  return sharesNetwork ? [controlPlaneAddress] : [controlPlaneAddress, workloadPlaneAddress];
}
