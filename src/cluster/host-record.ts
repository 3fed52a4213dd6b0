import { parseDocument, stringify } from 'yaml';
import { isEtcdHost } from './cluster.js';
import type { ClusterSpec } from './spec.js';

/** What /etc/temper/host.yaml says: whose host this is, and what was chosen for it once. */
export interface HostClaim {
  cluster: string;
  name: string;
  controlPlaneAddress: string;
  workloadPlaneAddress: string;
  /** Left out by versions that did not write it down. */
  settled?: Settled;
}

/** What every node's files and every certificate hold, so that it cannot change while the cluster lives. */
export interface Settled {
  pods: string;
  services: string;
  /** What cluster.yaml says of it; '' when the API is reached at the first control plane. */
  endpoint: string;
  /** Names of the hosts that etcd has for its own; '' when control planes run it, and left out by versions that knew no others. */
  etcdHosts?: string;
}

export function settledBy({ networks, apiServer, hosts }: ClusterSpec): Settled {
  const { pods, services } = networks;
  const etcdHosts = hosts.filter(isEtcdHost).map(({ name }) => name);
  const endpoint = apiServer.endpoint ?? apiServer.virtualIP ?? '';
  return { pods, services, endpoint, etcdHosts: etcdHosts.toSorted().join(', ') };
}

export function hostClaimText(claim: HostClaim): string {
  const { cluster, name, controlPlaneAddress, workloadPlaneAddress, settled } = claim;
  return stringify({
    apiVersion: 'temper/v1alpha1',
    kind: 'Host',
    cluster,
    name,
    controlPlaneAddress,
    workloadPlaneAddress,
    ...(settled ? { settled } : {}),
  });
}

/** Undefined when the text is none of ours. */
export function parseHostClaim(text: string): HostClaim | undefined {
  const document = parseDocument(text);
  const claim: unknown = document.errors.length ? undefined : document.toJS();
  return isClaim(claim) ? claim : undefined;
}

function isClaim(document: unknown): document is HostClaim {
  const claim = document as Partial<Record<string, unknown>> | null;
  return ['cluster', 'name', 'controlPlaneAddress', 'workloadPlaneAddress'].every(
    (key) => typeof claim?.[key] === 'string',
  );
}
