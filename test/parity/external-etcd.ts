import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hasEtcdHosts, type Cluster, type HostRecord } from '../../src/cluster/cluster.js';
import { runInRoot } from './kubeadm.js';
import { hostRoot, runPhasesIn } from './our-host.js';

/** Where etcd has hosts of its own, the folder of the first of them as our steps leave it, by its name; else nothing. */
export async function etcdRoots(cluster: Cluster): Promise<Record<string, string>> {
  if (!hasEtcdHosts(cluster)) return {};
  const host = firstEtcdHost(cluster);
  const roots = { [host.name]: hostRoot() };
  await runPhasesIn(roots, ['start-etcd'], cluster, host);
  return roots;
}

/**
 * What kubeadm finds on a control plane, and leaves as it is, where etcd has hosts of its own. As its documentation says, its own command makes
 * the client's certificate where the key of etcd's CA is. https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/setup-ha-etcd-with-kubeadm/
 */
export function bringEtcdClient(kubeadm: string, root: string, cluster: Cluster, etcd: Record<string, string>): void {
  for (const etcdRoot of Object.values(etcd)) {
    runInRoot(kubeadm, etcdRoot, cluster, firstEtcdHost(cluster), 'init phase certs apiserver-etcd-client');
    for (const file of ['etcd/ca.crt', 'apiserver-etcd-client.crt', 'apiserver-etcd-client.key']) {
      const path = join('etc/kubernetes/pki', file);
      mkdirSync(dirname(join(root, path)), { recursive: true });
      copyFileSync(join(etcdRoot, path), join(root, path));
    }
  }
}

function firstEtcdHost({ hosts, firstEtcdMember }: Cluster): HostRecord {
  return hosts.find(({ name }) => name === firstEtcdMember)!;
}
