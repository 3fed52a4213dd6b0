import type { BundleSummary } from './bundle.js';
import type { ClusterSpec } from './spec.js';

/** All that a step's input is derived from: what the user asked for, what the bundle carries, what the hosts are. No secret. */
export interface Cluster {
  spec: ClusterSpec;
  bundle: BundleSummary;
  /** In the order of `spec.hosts`. */
  hosts: HostRecord[];
  /** Name of the control plane that made, or will make, the cluster: the first in the spec's order with its CA and an API server, else with its CA, else the first. */
  firstControlPlane: string;
  /**
   * Name of the host whose etcd is asked and told: the first control plane, or where etcd has hosts of its own the first of those whose member
   * votes, else was started, else the first with etcd's CA, else the first.
   */
  firstEtcdMember: string;
  /** Where the API servers that stand reach an etcd that has hosts of its own, when this run leaves some of these alone. */
  etcdServers?: string[];
}

/** What was found out about a host and will not change for the life of the node. */
export interface HostRecord {
  name: string;
  roles: string[];
  /** What `hostname` prints on the host, in lower case. */
  hostname: string;
  /** IPv4 address on the control plane network; recorded in /etc/temper/host.yaml, so it stays although the spec's order changes. */
  controlPlaneAddress: string;
  /** A host that is no node has no other than that of the control plane. */
  workloadPlaneAddress: string;
  os: { id: string; versionId: string; prettyName: string; family: 'debian' | 'rhel' | 'other' };
  /** As `dpkg --print-architecture` says it: amd64, arm64. */
  architecture: string;
  /** True when systemd-resolved is active: kubeadm then points the kubelet's resolvConf at its real resolv.conf. */
  usesSystemdResolved: boolean;
  /** Which of the CA folders that kubeadm mounts into the apiserver exist, in kubeadm's order (kubeadm's "host-conditional" volumes). */
  caFolders: string[];
  firewalldRuns: boolean;
}

/** What was found out about the hosts, put together. */
export function clusterOf(spec: ClusterSpec, bundle: BundleSummary, looks: LookedAt[]): Cluster {
  const hosts = looks.flatMap(({ record }) => record ?? []);
  const controlPlanes = looks.filter(({ record }) => record && isControlPlane(record));
  const made = controlPlanes.filter(({ clusterCa }) => clusterCa);
  // A control plane on its way into the cluster has the CA too, and at last an API server, before its kubelet is let in.
  const first =
    made.find(({ hasApiServer, hasJoined }) => hasApiServer && hasJoined) ??
    made.find(({ hasApiServer }) => hasApiServer) ??
    made[0] ??
    controlPlanes[0];
  const firstControlPlane = first?.record?.name ?? '';
  const firstEtcdMember = hasEtcdHosts({ spec }) ? (firstEtcdHostOf(looks)?.record?.name ?? '') : firstControlPlane;
  const etcdServers = isWhole({ spec, hosts }, isEtcdHost) ? undefined : first?.etcdServers;
  return { spec, bundle, hosts, firstControlPlane, firstEtcdMember, etcdServers };
}

/** A control plane has the cluster's CA. */
export function isMade(looks: LookedAt[]): boolean {
  return looks.some(({ clusterCa, record }) => clusterCa && !(record && isEtcdHost(record)));
}

/** A learner knows the members too, but decides nothing. */
export function firstEtcdHostOf<Look extends LookedAt>(looks: Look[]): Look | undefined {
  const etcdHosts = looks.filter(({ record }) => record && isEtcdHost(record));
  return (
    etcdHosts.find(({ etcdMember }) => etcdMember === 'votes') ??
    etcdHosts.find(({ etcdMember }) => etcdMember === 'started') ??
    etcdHosts.find(({ clusterCa }) => clusterCa) ??
    etcdHosts[0]
  );
}

export interface LookedAt {
  record?: HostRecord;
  /** sha256 of the CA that makes the host one of this cluster, where it has it with its key; see `ownCa`. */
  clusterCa?: string;
  /** Who has the virtual IP that keepalived is to hold: the host itself, or the hardware address that answers; undefined for nobody. */
  virtualIpHolder?: string;
  /** The cluster's API server was started there. */
  hasApiServer?: boolean;
  /** Its kubelet has credentials of its own. */
  hasJoined?: boolean;
  /** Where that one reaches etcd: URLs. */
  etcdServers?: string[];
  /** How far a host of etcd has come. */
  etcdMember?: 'started' | 'votes';
}

export function isControlPlane(host: Pick<HostRecord, 'roles'>): boolean {
  return host.roles.includes('control-plane');
}

/** Where a kubelet joins the cluster: everywhere but on the hosts of etcd, whose kubelet only keeps etcd running. */
export function isNode(host: Pick<HostRecord, 'roles'>): boolean {
  return !isEtcdHost(host);
}

export function isEtcdHost({ roles }: Pick<HostRecord, 'roles'>): boolean {
  return roles.includes('etcd');
}

/** kubeadm's "external etcd": it has hosts of its own, whether or not this run looks at them. */
export function hasEtcdHosts({ spec }: Pick<Cluster, 'spec'>): boolean {
  return spec.hosts.some(isEtcdHost);
}

/** etcd runs on the hosts with role etcd; when there are none, on the control planes. */
export function runsEtcd(cluster: Pick<Cluster, 'spec'>, host: Pick<HostRecord, 'roles'>): boolean {
  return hasEtcdHosts(cluster) ? isEtcdHost(host) : isControlPlane(host);
}

export function controlPlanesOf({ hosts }: Cluster): HostRecord[] {
  return hosts.filter(isControlPlane);
}

/** Where the cluster is asked and told: its API server and its etcd are there before any other. */
export function firstControlPlaneOf({ hosts, firstControlPlane }: Cluster): HostRecord {
  return hosts.find(({ name }) => name === firstControlPlane)!;
}

/** The host that serves images and packages. */
export function bootstrapHostOf({ hosts }: Cluster): HostRecord {
  return hosts.find(({ roles }) => roles.includes('bootstrap'))!;
}

/** False when this run leaves hosts alone, of `which` if given: of those only the others know. Then lists of hosts grow, and lose nobody. */
export function isWhole(
  { spec, hosts }: Pick<Cluster, 'spec' | 'hosts'>,
  which: (host: Pick<HostRecord, 'roles'>) => boolean = () => true,
): boolean {
  return spec.hosts.filter(which).every(({ name }) => hosts.some((host) => host.name === name));
}

/** `wanted`, but with what stood in the list before when it may be that not all are known. In the order of `before`, so that nothing moves. */
export function grown(before: string[], wanted: string[]): string[] {
  return [...before, ...wanted.filter((each) => !before.includes(each))];
}

export function peersOf(cluster: Cluster, host: HostRecord): HostRecord[] {
  return cluster.hosts.filter(({ name }) => name !== host.name);
}
