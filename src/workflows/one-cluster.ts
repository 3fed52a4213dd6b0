import type { HostFinding, HostLook } from '../activities/calls.js';
import { isEtcdHost, isNode } from '../cluster/cluster.js';

/** Control planes with different CAs are different clusters, whatever the spec says; hosts of etcd likewise. */
export function oneClusterFindings(looks: HostLook[]): HostFinding[] {
  return [isNode, isEtcdHost].flatMap((kind) => otherClusters(looks.filter(({ record }) => record && kind(record))));
}

function otherClusters(looks: HostLook[]): HostFinding[] {
  const [first, ...others] = looks.filter(({ clusterCa }) => clusterCa);
  return others
    .filter(({ clusterCa }) => clusterCa !== first?.clusterCa)
    .map(({ record }) => ({
      host: record!.name,
      check: 'HOST_HAS_OTHER_CLUSTER',
      level: 'error',
      message: `its CA is another one than that of ${first!.record!.name}`,
      hint: 'kubeadm reset on the host that does not belong to the cluster, or take it out of cluster.yaml',
    }));
}
