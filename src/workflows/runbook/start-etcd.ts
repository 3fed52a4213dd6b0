import { hasEtcdHosts, isNode, runsEtcd } from '../../cluster/cluster.js';
import { etcdAuthority, sharedPki } from '../../cluster/kubeadm/certificates.js';
import { etcdPeerUrl, etcdPod, joiningEtcdPod } from '../../cluster/kubeadm/static-pods.js';
import { createAuthorities, createCertificates } from './certificates.js';
import { entry, type RunbookEntry } from './entry.js';
import { etcdMember } from './roles.js';

/** An etcd of one member; the others join it. */
export const startEtcdMember: RunbookEntry = entry(
  'startEtcdMember',
  (cluster, host) => ({ pod: etcdPod(cluster, host), isNode: isNode(host) }),
  runsEtcd,
);

export const joinEtcd: RunbookEntry = entry(
  'joinEtcd',
  (cluster, host) => ({
    pod: joiningEtcdPod(cluster, host),
    name: host.name,
    peerUrl: etcdPeerUrl(host),
    member: etcdMember(cluster),
  }),
  runsEtcd,
);

/** On each control plane, where etcd has hosts of its own. */
export const trustEtcd: RunbookEntry = entry(
  'trustEtcd',
  (cluster) => ({ etcdHost: etcdMember(cluster) }),
  (cluster) => hasEtcdHosts(cluster),
);

/** On the first host of etcd. */
export const startEtcd: RunbookEntry[] = [
  createAuthorities(() => ({ authorities: [etcdAuthority], keyPairs: [] })),
  createCertificates,
  startEtcdMember,
];

/** On the other hosts of etcd. Each gets the CA's key, so that none of them is the only one that can make certificates. */
export const joinEtcdHosts: RunbookEntry[] = [
  entry('copyCertificateAuthorities', (cluster) => ({
    from: etcdMember(cluster),
    authority: sharedPki.etcdCa,
    files: [
      { path: `${sharedPki.etcdCa}.crt`, mode: '0644' },
      { path: `${sharedPki.etcdCa}.key`, mode: '0600' },
    ],
  })),
  createCertificates,
  joinEtcd,
];
