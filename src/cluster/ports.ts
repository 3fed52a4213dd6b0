import { isControlPlane, isNode, runsEtcd, type Cluster, type HostRecord } from './cluster.js';
import { networkAddOn } from './network-add-ons.js';

/** What the ports of a host follow from, beside its roles. */
type Asked = Pick<Cluster, 'spec' | 'bundle'>;

/** One socket of a cluster: who listens where, and who may connect. */
export interface PortRow {
  service: string;
  /** Left out: named like the service; '' for a socket of the kernel. */
  process?: string;
  /** `port/protocol`; port 0 is chosen by the kernel at each start; `vrrp` is a protocol without ports. */
  port: `${number}/${'tcp' | 'udp'}` | 'vrrp' | ((cluster: Asked) => `${number}/tcp`);
  on: keyof typeof placements;
  bind: 'loopback' | 'control plane' | 'everywhere';
  /** Left out: nobody but the host itself. */
  openTo?: Audience;
}

/**
 * API clients: `firewall.apiServerFrom` and every node. etcd clients: the other etcd members and the control planes. overlay: every
 * node, on the workload plane.
 */
export type Audience = 'API clients' | 'hosts' | 'control planes' | 'etcd members' | 'etcd clients' | 'overlay';

/** kubeadm's default `bindPort`. */
export const apiServerPort = 6443;

/** Salt's own defaults: minions hear from the master on the first and answer on the second. */
export const saltPorts = { publish: 4505, return: 4506 };

const registryPort = ({ spec }: Asked) => `${spec.repository.port}/tcp` as const;

/** Where a socket is, in words, and which hosts these are. */
const placements = {
  'every host': () => true,
  'bootstrap host': (_, host) => host.roles.includes('bootstrap'),
  'bootstrap host, with salt': ({ spec }, host) => spec.salt.enabled && host.roles.includes('bootstrap'),
  'control planes': (_, host) => isControlPlane(host),
  'control planes, with keepalived': ({ spec }, host) => spec.apiServer.keepalived === true && isControlPlane(host),
  'etcd members': runsEtcd,
  nodes: (_, host) => isNode(host),
  'nodes, with Calico': (cluster, host) => isNode(host) && networkAddOn(cluster) === 'calico',
  'nodes, with flannel': (cluster, host) => isNode(host) && networkAddOn(cluster) === 'flannel',
} satisfies Record<string, (cluster: Asked, host: Pick<HostRecord, 'roles'>) => boolean>;

/**
 * Every port of a cluster. The preflight ("is it free?"), the firewalld openings, the check from host to host and the scan from
 * outside all read this table.
 */
// prettier-ignore
export const portTable: PortRow[] = [
  { service: 'registry', process: 'nginx', port: registryPort, on: 'bootstrap host', bind: 'control plane', openTo: 'hosts' },
  { service: 'salt-publish', process: 'salt-master', port: `${saltPorts.publish}/tcp`, on: 'bootstrap host, with salt', bind: 'control plane', openTo: 'hosts' },
  { service: 'salt-return', process: 'salt-master', port: `${saltPorts.return}/tcp`, on: 'bootstrap host, with salt', bind: 'control plane', openTo: 'hosts' },
  { service: 'etcd', port: '2379/tcp', on: 'etcd members', bind: 'loopback' },
  { service: 'etcd', port: '2379/tcp', on: 'etcd members', bind: 'control plane', openTo: 'etcd clients' },
  { service: 'etcd-peer', process: 'etcd', port: '2380/tcp', on: 'etcd members', bind: 'control plane', openTo: 'etcd members' },
  { service: 'etcd-metrics', process: 'etcd', port: '2381/tcp', on: 'etcd members', bind: 'loopback' },
  // It must also answer on the virtual IP, which comes and goes; firewalld alone narrows it.
  {
    service: 'kube-apiserver',
    port: `${apiServerPort}/tcp`,
    on: 'control planes',
    bind: 'everywhere',
    openTo: 'API clients',
  },
  { service: 'kube-controller-manager', port: '10257/tcp', on: 'control planes', bind: 'loopback' },
  { service: 'kube-scheduler', port: '10259/tcp', on: 'control planes', bind: 'loopback' },
  { service: 'keepalived', port: 'vrrp', on: 'control planes, with keepalived', bind: 'control plane', openTo: 'control planes' },
  { service: 'kubelet', port: '10250/tcp', on: 'nodes', bind: 'control plane', openTo: 'control planes' },
  { service: 'kubelet-health', process: 'kubelet', port: '10248/tcp', on: 'every host', bind: 'loopback' },
  { service: 'kube-proxy-metrics', process: 'kube-proxy', port: '10249/tcp', on: 'nodes', bind: 'loopback' },
  { service: 'kube-proxy-health', process: 'kube-proxy', port: '10256/tcp', on: 'nodes', bind: 'everywhere' },
  { service: 'containerd-streams', process: 'containerd', port: '0/tcp', on: 'every host', bind: 'loopback' },
  { service: 'flannel-vxlan', process: '', port: '8472/udp', on: 'nodes, with flannel', bind: 'everywhere', openTo: 'overlay' },
  { service: 'flannel-health', process: 'flanneld', port: '8081/tcp', on: 'nodes, with flannel', bind: 'everywhere' },
  { service: 'calico-vxlan', process: '', port: '4789/udp', on: 'nodes, with Calico', bind: 'everywhere', openTo: 'overlay' },
  { service: 'calico-bgp', process: 'bird', port: '179/tcp', on: 'nodes, with Calico', bind: 'everywhere', openTo: 'overlay' },
  { service: 'calico-health', process: 'calico-node', port: '9099/tcp', on: 'nodes, with Calico', bind: 'loopback' },
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

/** The rows of the host, in the table's order. */
export function rowsOf(cluster: Asked, host: Pick<HostRecord, 'roles'>): PortRow[] {
  return portTable.filter(({ on }) => placements[on](cluster, host));
}

export function portOf(row: PortRow, cluster: Asked): SocketPort {
  const spelled = typeof row.port === 'function' ? row.port(cluster) : row.port;
  if (spelled === 'vrrp') return { protocol: 'vrrp', port: 0 };
  const [port, protocol] = spelled.split('/') as [string, 'tcp' | 'udp'];
  return { protocol, port: Number(port) };
}

export type SocketPort = Pick<HostPort, 'protocol' | 'port'>;
