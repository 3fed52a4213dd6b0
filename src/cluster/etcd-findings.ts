import { firstEtcdHostOf, hasEtcdHosts, isControlPlane, isEtcdHost, isMade, type LookedAt } from './cluster.js';
import { etcdClientUrl } from './kubeadm/cluster-configuration.js';
import type { ClusterSpec } from './spec.js';

export interface EtcdFinding {
  host: string;
  check: 'EtcdHosts';
  level: 'error';
  message: string;
  hint: string;
}

/** What only all hosts together show of an etcd that has hosts of its own. `leftOut`: names of the hosts that this run does not look at. */
export function etcdFindings(spec: ClusterSpec, looks: LookedAt[], leftOut: string[]): EtcdFinding[] {
  if (!hasEtcdHosts({ spec })) return [];
  return [...lost(spec, looks), ...unnamed(spec, looks, leftOut), ...moved(looks)];
}

/** Whoever begins an etcd anew when the cluster stands, gives its API servers an empty one. */
function lost({ hosts }: ClusterSpec, looks: LookedAt[]): EtcdFinding[] {
  const first = firstEtcdHostOf(looks);
  if (!isMade(looks) || first?.etcdMember) return [];
  const host = first?.record?.name ?? hosts.find(isEtcdHost)!.name;
  const message = 'the cluster has been made, but no host of etcd that this run looks at has a member of it';
  return [finding(host, message, 'leave none of them out; when all are lost, restore a backup of etcd on this one')];
}

/** The addresses of etcd's hosts stand in each API server's manifest, which is written once. */
function unnamed({ hosts }: ClusterSpec, looks: LookedAt[], leftOut: string[]): EtcdFinding[] {
  const names = hosts.filter((host) => isEtcdHost(host) && leftOut.includes(host.name)).map(({ name }) => name);
  if (names.length === 0) return [];
  const message = `its API server is to name every host of etcd, but this run does not look at ${names.join(', ')}`;
  return looks
    .flatMap(({ record, hasApiServer }) => (record && isControlPlane(record) && !hasApiServer ? [record] : []))
    .map(({ name }) => finding(name, message, `let the run look at ${names.join(', ')}, or leave ${name} out too`));
}

/** The one that replaces a lost host, or has been moved: at another address no API server would ask it. */
function moved(looks: LookedAt[]): EtcdFinding[] {
  const etcdHosts = looks.flatMap(({ record, etcdMember }) =>
    record && isEtcdHost(record) ? [{ name: record.name, url: etcdClientUrl(record), etcdMember }] : [],
  );
  const isTaken = (server: string) => etcdHosts.some(({ url }) => url === server);
  return etcdHosts.flatMap(({ name, url, etcdMember }) => {
    // One that names none of them asks what a person put before etcd.
    const strangers = looks.filter(({ etcdServers }) => etcdServers?.some(isTaken) && !etcdServers.includes(url));
    const [{ etcdServers = [] } = {}] = strangers;
    if (etcdMember === 'votes' || strangers.length === 0) return [];
    const controlPlanes = strangers.flatMap(({ record }) => record?.name ?? []).join(', ');
    const message = `the API server of ${controlPlanes} was made to ask etcd at ${etcdServers.join(', ')}, but this host of etcd is at ${url}`;
    const left = etcdServers.filter((server) => !isTaken(server)).join(' or ') || 'none is left';
    return finding(name, message, `a host that replaces another one takes its address too: ${left}`);
  });
}

function finding(host: string, message: string, hint: string): EtcdFinding {
  return { host, check: 'EtcdHosts', level: 'error', message, hint };
}
