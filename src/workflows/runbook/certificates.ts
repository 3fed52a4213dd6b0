import type { CertificateAuthorities } from '../../activities/steps/create-certificate-authorities.js';
import { hasEtcdHosts, isControlPlane, type Cluster } from '../../cluster/cluster.js';
import { certificates, sharedPki } from '../../cluster/kubeadm/certificates.js';
import { clusterConfiguration } from '../../cluster/kubeadm/cluster-configuration.js';
import { durationHours } from '../../cluster/kubeadm/go-duration.js';
import { entry, type RunbookEntry } from './entry.js';
import { etcdMember } from './roles.js';

export function createAuthorities(
  wanted: (cluster: Cluster) => Pick<CertificateAuthorities, 'authorities' | 'keyPairs'>,
): RunbookEntry {
  return entry('createCertificateAuthorities', (cluster) => {
    const { encryptionAlgorithm, caCertificateValidityPeriod } = clusterConfiguration(cluster);
    return {
      ...wanted(cluster),
      algorithm: encryptionAlgorithm,
      validityHours: durationHours(caCertificateValidityPeriod),
    };
  });
}

/** Of every control plane and host of etcd. A control plane has the key of etcd's CA only if etcd has no hosts of its own. */
export const createCertificates: RunbookEntry = entry('createCertificates', (cluster, host) => ({
  certificates: certificates(cluster, host),
  ...leafSettings(cluster),
  ...(hasEtcdHosts(cluster) && isControlPlane(host)
    ? { signerHosts: { [sharedPki.etcdCa]: etcdMember(cluster) } }
    : {}),
}));

export function leafSettings(cluster: Cluster) {
  const { encryptionAlgorithm, certificateValidityPeriod } = clusterConfiguration(cluster);
  return { algorithm: encryptionAlgorithm, validityHours: durationHours(certificateValidityPeriod) };
}
