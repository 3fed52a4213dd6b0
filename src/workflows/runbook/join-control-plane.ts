import {
  certificateAuthorities,
  joinedKubeconfigs,
  localApiServer,
  sharedPki,
} from '../../cluster/kubeadm/certificates.js';
import type { Cluster } from '../../cluster/cluster.js';
import { createCertificates } from './certificates.js';
import { entry, type RunbookEntry } from './entry.js';
import { joiningKubelet, registerNode } from './join-worker-node.js';
import { admitting } from './roles.js';
import { markControlPlane, startApiServerAndCompanions, writeKubeconfigs } from './start-control-plane.js';
import { joinEtcd, trustEtcd } from './start-etcd.js';
import { keepalivedEntry } from './virtual-ip.js';

/** What a control plane has in common with the first one, and what is its own. */
export const copyCertificates: RunbookEntry[] = [
  entry('copyCertificateAuthorities', (cluster) => ({
    from: admitting(cluster).host,
    authority: sharedPki.ca,
    files: sharedFiles(cluster),
  })),
  trustEtcd,
  createCertificates,
  writeKubeconfigs(joinedKubeconfigs),
];

/** Run by the standalone kubelet, as on the first control plane. */
export const extendEtcd: RunbookEntry[] = [joinEtcd];

/** What `kubeadm join --control-plane` does. The kubelet asks this host's own API server: with that one there, the node registers at once. */
export const joinControlPlane: RunbookEntry[] = [
  ...startApiServerAndCompanions,
  entry('startJoiningKubelet', (cluster, host) => joiningKubelet(cluster, host, localApiServer(host))),
  ...registerNode,
  markControlPlane,
  keepalivedEntry,
];

/** With the modes that kubeadm's download of certificates leaves. */
function sharedFiles(cluster: Cluster) {
  return [
    ...certificateAuthorities(cluster).flatMap(({ path }) => [
      { path: `${path}.crt`, mode: '0644' },
      { path: `${path}.key`, mode: '0600' },
    ]),
    { path: `${sharedPki.serviceAccount}.key`, mode: '0600' },
    { path: `${sharedPki.serviceAccount}.pub`, mode: '0644' },
  ];
}
