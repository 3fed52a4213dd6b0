import type { KeyAlgorithm } from '../../cluster/certificates.js';
import { TemperError } from '../../cluster/errors.js';
import type { CertificateRow } from '../../cluster/kubeadm/certificates.js';
import { paths } from '../../cluster/paths.js';
import type { Change } from '../changes/change.js';
import { missingCertificates, readCertificates } from '../made-once.js';
import { defineStep } from '../step.js';

/** The cluster's own secrets: its CAs and the key that signs service account tokens. Whoever has them is this cluster. */
export const createCertificateAuthorities = defineStep({
  title: 'Create the certificate authorities',
  truth: 'made once',
  read: async ({ facts }, { authorities, keyPairs }: CertificateAuthorities) => {
    const [present, halves, recorded] = await Promise.all([
      readCertificates(facts, authorities),
      Promise.all(keyPairs.map((path) => Promise.all([facts.file(`${path}.key`), facts.file(`${path}.pub`)]))),
      facts.text(paths.clusterCaRecord),
    ]);
    return { authorities: present, hasKeyPair: halves.map((files) => files.every(Boolean)), recorded };
  },
  plan: (input, { authorities, hasKeyPair, recorded }): Change[] => {
    const [own] = input.authorities as [CertificateRow];
    refuseOtherCluster(own.path, recorded, authorities.present[0]?.fingerprint);
    const { algorithm, validityHours, keyPairs } = input;
    return [
      ...missingCertificates({ certificates: input.authorities, algorithm, validityHours }, authorities),
      ...(recorded === undefined ? [recordCa(own.path)] : []),
      ...keyPairs.filter((_, i) => !hasKeyPair[i]).map((path): Change => ({ kind: 'keyPair', path, algorithm })),
    ];
  },
});

export interface CertificateAuthorities {
  /** First the one that makes the host one of this cluster. */
  authorities: CertificateRow[];
  /** Base paths. */
  keyPairs: string[];
  algorithm: KeyAlgorithm;
  validityHours: number;
}

/** On every host of the cluster. Its content is known only once the CA is made. Body of the PEM file, decoded, is the DER certificate that fingerprints are taken of. */
export function recordCa(path: string): Change {
  return {
    kind: 'command',
    title: "Record the cluster CA's fingerprint",
    script: `umask 022; sed '/^-/d' "$1.crt" | base64 -d | sha256sum | cut -d' ' -f1 > "$2.new" && sync "$2.new" && mv "$2.new" "$2" && sync "\${2%/*}"`,
    args: [path, paths.clusterCaRecord],
    done: `test -s '${paths.clusterCaRecord}'`,
  };
}

function refuseOtherCluster(path: string, recorded: string | undefined, fingerprint: string | undefined): void {
  if (recorded === undefined || recorded.trim() === fingerprint) return;
  const seen = fingerprint ? 'is another one' : 'is gone';
  throw new TemperError('HOST_HAS_OTHER_CLUSTER', `the CA of this cluster was ${path}.crt, which ${seen}`, {
    hint: `put it back with its key; its sha256 stands in ${paths.clusterCaRecord}`,
  });
}
