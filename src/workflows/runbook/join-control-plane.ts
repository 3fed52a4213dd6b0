import {
  certificateAuthorities,
  joinedKubeconfigs,
  localApiServer,
  sharedPki,
} from '../../cluster/kubeadm/certificates.js';
import type { Cluster } from '../../cluster/cluster.js';
import { createCertificates } from './certificates.js';
import { entry, type RunbookEntry } from './entry.js';
import { joiningKubelet } from './join-worker-node.js';
import { admitting } from './roles.js';
import { markControlPlane, startApiServerAndCompanions, writeKubeconfigs } from './start-control-plane.js';
import { joinEtcd, trustEtcd } from './start-etcd.js';
import { keepalivedEntry } from './virtual-ip.js';

/** What it takes of the first control plane before anything runs. */
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

/** What `kubeadm join --control-plane` does. The kubelet asks this host's own API server, so that one must stand before the node can register. */
export const joinControlPlane: RunbookEntry[] = [
  entry('startJoiningKubelet', (cluster, host) => joiningKubelet(cluster, host, localApiServer(host))),
  joinEtcd,
  ...startApiServerAndCompanions,
  entry('waitForRegistration', (_cluster, { name }) => ({ nodeName: name })),
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
