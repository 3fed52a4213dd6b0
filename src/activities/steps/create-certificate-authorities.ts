import type { KeyAlgorithm } from '../../cluster/certificates.js';
import { TemperError } from '../../cluster/errors.js';
import { certificateAuthorities, sharedPki } from '../../cluster/kubeadm/certificates.js';
import { paths } from '../../cluster/paths.js';
import type { Change } from '../changes/change.js';
import { missingCertificates, readCertificates } from '../made-once.js';
import { defineStep } from '../step.js';

/** The cluster's own secrets: three CAs and the key that signs service account tokens. Whoever has them is this cluster. */
export const createCertificateAuthorities = defineStep({
  title: 'Create the certificate authorities',
  truth: 'made once',
  read: async ({ facts }, _input: CertificateAuthorities) => {
    const [authorities, serviceAccountKey, serviceAccountPublic, clusterCa] = await Promise.all([
      readCertificates(facts, certificateAuthorities),
      facts.file(`${sharedPki.serviceAccount}.key`),
      facts.file(`${sharedPki.serviceAccount}.pub`),
      facts.text(paths.clusterCaRecord),
    ]);
    return { authorities, hasServiceAccountKey: Boolean(serviceAccountKey && serviceAccountPublic), clusterCa };
  },
  plan: ({ algorithm, validityHours }, { authorities, hasServiceAccountKey, clusterCa }): Change[] => {
    refuseOtherCluster(clusterCa, authorities.present[0]?.fingerprint);
    return [
      ...missingCertificates({ certificates: certificateAuthorities, algorithm, validityHours }, authorities),
      ...(clusterCa === undefined ? [recordClusterCa] : []),
      ...(hasServiceAccountKey ? [] : [{ kind: 'keyPair', path: sharedPki.serviceAccount, algorithm } as const]),
    ];
  },
});

export interface CertificateAuthorities {
  algorithm: KeyAlgorithm;
  validityHours: number;
}

/** On every host of the cluster. Its content is known only once the CA is made. Body of the PEM file, decoded, is the DER certificate that fingerprints are taken of. */
export const recordClusterCa: Change = {
  kind: 'command',
  title: "Record the cluster CA's fingerprint",
  script: `umask 022; sed '/^-/d' "$1.crt" | base64 -d | sha256sum | cut -d' ' -f1 > "$2.new" && sync "$2.new" && mv "$2.new" "$2" && sync "\${2%/*}"`,
  args: [sharedPki.ca, paths.clusterCaRecord],
  done: `test -s '${paths.clusterCaRecord}'`,
};

function refuseOtherCluster(recorded: string | undefined, fingerprint: string | undefined): void {
  if (recorded === undefined || recorded.trim() === fingerprint) return;
  const seen = fingerprint ? 'is another one' : 'is gone';
  throw new TemperError('HOST_HAS_OTHER_CLUSTER', `the CA of this cluster was ${sharedPki.ca}.crt, which ${seen}`, {
    hint: `put it back with its key; its sha256 stands in ${paths.clusterCaRecord}`,
  });
}
