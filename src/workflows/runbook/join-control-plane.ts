import { runsEtcd } from '../../cluster/cluster.js';
import { joinedKubeconfigs, localApiServer, sharedPki } from '../../cluster/kubeadm/certificates.js';
import { etcdPeerUrl, joiningEtcdPod } from '../../cluster/kubeadm/static-pods.js';
import { entry, type RunbookEntry } from './entry.js';
import { confirmNode, joiningKubelet } from './join-worker-node.js';
import { admitting } from './roles.js';
import {
  createCertificates,
  markControlPlane,
  startApiServerAndCompanions,
  writeKubeconfigs,
} from './start-control-plane.js';
import { keepalivedEntry } from './virtual-ip.js';

/** What `kubeadm join --control-plane` does. The kubelet asks this host's own API server, so that one must stand before the node can register. */
export const joinControlPlane: RunbookEntry[] = [
  entry('copyCertificateAuthorities', (cluster) => ({ controlPlane: admitting(cluster).host, files: sharedFiles })),
  createCertificates,
  writeKubeconfigs(joinedKubeconfigs),
  entry('startJoiningKubelet', (cluster, host) => joiningKubelet(cluster, host, localApiServer(host))),
  entry(
    'joinEtcd',
    (cluster, host) => ({
      pod: joiningEtcdPod(cluster, host),
      name: host.name,
      peerUrl: etcdPeerUrl(host),
      controlPlane: admitting(cluster).host,
    }),
    runsEtcd,
  ),
  ...startApiServerAndCompanions,
  ...confirmNode(),
  markControlPlane,
  keepalivedEntry,
];

/** With the modes that kubeadm's download of certificates leaves. */
const sharedFiles = [
  ...[sharedPki.ca, sharedPki.frontProxyCa, sharedPki.etcdCa].flatMap((path) => [
    { path: `${path}.crt`, mode: '0644' },
    { path: `${path}.key`, mode: '0600' },
  ]),
  { path: `${sharedPki.serviceAccount}.key`, mode: '0600' },
  { path: `${sharedPki.serviceAccount}.pub`, mode: '0644' },
];
