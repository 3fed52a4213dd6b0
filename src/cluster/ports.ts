import { cniOf, isControlPlane, peersOf, runsEtcd, type Cluster, type HostRecord } from './cluster.js';

/** One socket of a cluster: who listens where, and who may connect. */
export interface PortRow {
  service: string;
  /** Left out: named like the service; '' for a socket of the kernel. */
  process?: string;
  /** `port/protocol`; port 0 is chosen by the kernel at each start; `vrrp` is a protocol without ports. */
  port: `${number}/${'tcp' | 'udp'}` | 'vrrp' | ((cluster: Cluster) => `${number}/tcp`);
  on(cluster: Cluster, host: HostRecord): boolean;
  bind: 'loopback' | 'control plane' | 'everywhere';
  /** Left out: nobody but the host itself. */
  openTo?: Audience;
}

/**
 * API clients: `firewall.apiServerFrom` and every node. etcd clients: the other etcd members and the control planes. overlay: every
 * node, on the workload plane.
 */
type Audience = 'API clients' | 'nodes' | 'control planes' | 'etcd clients' | 'overlay';

/** kubeadm's default `bindPort`. */
export const apiServerPort = 6443;

const registryPort = ({ spec }: Cluster) => `${spec.repository.port}/tcp` as const;
const everyHost = () => true;
const bootstrap = (_: Cluster, host: HostRecord) => host.roles.includes('bootstrap');
const saltMaster = (cluster: Cluster, host: HostRecord) => cluster.spec.salt.enabled && bootstrap(cluster, host);
const controlPlane = (_: Cluster, host: HostRecord) => isControlPlane(host);
const keepalived = ({ spec }: Cluster, host: HostRecord) => spec.apiServer.keepalived === true && isControlPlane(host);
const flannel = (cluster: Cluster) => cniOf(cluster) === 'flannel';
const calico = (cluster: Cluster) => cniOf(cluster) === 'calico';

/**
 * Every port of a cluster. The preflight ("is it free?"), the firewalld openings, the check from host to host and the scan from
 * outside all read this table.
 */
// prettier-ignore
export const portTable: PortRow[] = [
  { service: 'registry', process: 'nginx', port: registryPort, on: bootstrap, bind: 'control plane', openTo: 'nodes' },
  { service: 'salt-publish', process: 'salt-master', port: '4505/tcp', on: saltMaster, bind: 'control plane', openTo: 'nodes' },
  { service: 'salt-return', process: 'salt-master', port: '4506/tcp', on: saltMaster, bind: 'control plane', openTo: 'nodes' },
  { service: 'etcd', port: '2379/tcp', on: runsEtcd, bind: 'loopback' },
  { service: 'etcd', port: '2379/tcp', on: runsEtcd, bind: 'control plane', openTo: 'etcd clients' },
  { service: 'etcd-peer', process: 'etcd', port: '2380/tcp', on: runsEtcd, bind: 'control plane', openTo: 'etcd clients' },
  { service: 'etcd-metrics', process: 'etcd', port: '2381/tcp', on: runsEtcd, bind: 'loopback' },
  // It must also answer on the virtual IP, which comes and goes; firewalld alone narrows it.
  {
    service: 'kube-apiserver',
    port: `${apiServerPort}/tcp`,
    on: controlPlane,
    bind: 'everywhere',
    openTo: 'API clients',
  },
  { service: 'kube-controller-manager', port: '10257/tcp', on: controlPlane, bind: 'loopback' },
  { service: 'kube-scheduler', port: '10259/tcp', on: controlPlane, bind: 'loopback' },
  { service: 'keepalived', port: 'vrrp', on: keepalived, bind: 'control plane', openTo: 'control planes' },
  { service: 'kubelet', port: '10250/tcp', on: everyHost, bind: 'control plane', openTo: 'control planes' },
  { service: 'kubelet-health', process: 'kubelet', port: '10248/tcp', on: everyHost, bind: 'loopback' },
  { service: 'kube-proxy-metrics', process: 'kube-proxy', port: '10249/tcp', on: everyHost, bind: 'loopback' },
  { service: 'kube-proxy-health', process: 'kube-proxy', port: '10256/tcp', on: everyHost, bind: 'everywhere' },
  { service: 'containerd-streams', process: 'containerd', port: '0/tcp', on: everyHost, bind: 'loopback' },
  { service: 'flannel-vxlan', process: '', port: '8472/udp', on: flannel, bind: 'everywhere', openTo: 'overlay' },
  { service: 'flannel-health', process: 'flanneld', port: '8081/tcp', on: flannel, bind: 'everywhere' },
  { service: 'calico-vxlan', process: '', port: '4789/udp', on: calico, bind: 'everywhere', openTo: 'overlay' },
  { service: 'calico-bgp', process: 'bird', port: '179/tcp', on: calico, bind: 'everywhere', openTo: 'overlay' },
  { service: 'calico-health', process: 'calico-node', port: '9099/tcp', on: calico, bind: 'loopback' },
];

/** A row of the table on one host. */
export interface HostPort {
  service: string;
  /** As `ss -p` shows it. */
  process: string;
  protocol: 'tcp' | 'udp' | 'vrrp';
  port: number;
  /** `0.0.0.0` is the wildcard, in whichever family the process opens it. */
  address: string;
}

/** The kernel keeps, and `ss -p` shows, so many characters of a process's name. */
const shownLength = 15;

/** What listens on the host once the cluster stands. */
export function portsOf(cluster: Cluster, host: HostRecord): HostPort[] {
  const addresses = { loopback: '127.0.0.1', 'control plane': host.controlPlaneAddress, everywhere: '0.0.0.0' };
  return rowsOf(cluster, host).map((row) => ({
    service: row.service,
    process: (row.process ?? row.service).slice(0, shownLength),
    ...portOf(row, cluster),
    address: addresses[row.bind],
  }));
}

/** What firewalld has to let in on the host, spelled as firewall-cmd lists it: what is open is found by comparing text. */
export function openingsOf(cluster: Cluster, host: HostRecord): { richRules: string[]; trustedSources: string[] } {
  const richRules = rowsOf(cluster, host).flatMap((row) =>
    destinations(row, cluster, host).flatMap((destination) =>
      sources(row, cluster, host).map((source) => richRule(source, destination, portOf(row, cluster))),
    ),
  );
  // firewalld rejects what is forwarded to the CNI's interfaces, which are in no zone, unless a zone accepts its source.
  return { richRules, trustedSources: [cluster.spec.networks.pods] };
}

function rowsOf(cluster: Cluster, host: HostRecord): PortRow[] {
  return portTable.filter((row) => row.on(cluster, host));
}

function portOf(row: PortRow, cluster: Cluster): SocketPort {
  const spelled = typeof row.port === 'function' ? row.port(cluster) : row.port;
  if (spelled === 'vrrp') return { protocol: 'vrrp', port: 0 };
  const [port, protocol] = spelled.split('/') as [string, 'tcp' | 'udp'];
  return { protocol, port: Number(port) };
}

function destinations(row: PortRow, cluster: Cluster, host: HostRecord): string[] {
  const { virtualIP } = cluster.spec.apiServer;
  if (row.openTo === 'overlay') return [host.workloadPlaneAddress];
  return row.openTo === 'API clients' && virtualIP ? [host.controlPlaneAddress, virtualIP] : [host.controlPlaneAddress];
}

const anywhere = undefined;

function sources(row: PortRow, cluster: Cluster, host: HostRecord): (string | undefined)[] {
  const peers = peersOf(cluster, host);
  const { apiServerFrom } = cluster.spec.firewall;
  switch (row.openTo) {
    case undefined:
      return [];
    case 'API clients':
      return apiServerFrom.length ? [...apiServerFrom, ...controlPlaneAddresses(peers)] : [anywhere];
    case 'nodes':
      return controlPlaneAddresses(peers);
    case 'control planes':
      return controlPlaneAddresses(peers.filter(isControlPlane));
    case 'etcd clients':
      return controlPlaneAddresses(peers.filter((peer) => isControlPlane(peer) || runsEtcd(cluster, peer)));
    case 'overlay':
      return peers.map(({ workloadPlaneAddress }) => workloadPlaneAddress);
  }
}

function controlPlaneAddresses(hosts: HostRecord[]): string[] {
  return hosts.map(({ controlPlaneAddress }) => controlPlaneAddress);
}

type SocketPort = Pick<HostPort, 'protocol' | 'port'>;

function richRule(source: string | undefined, destination: string, { protocol, port }: SocketPort): string {
  return [
    'rule family="ipv4"',
    ...(source ? [`source address="${source}"`] : []),
    `destination address="${destination}"`,
    protocol === 'vrrp' ? 'protocol value="vrrp"' : `port port="${port}" protocol="${protocol}"`,
    'accept',
  ].join(' ');
}
