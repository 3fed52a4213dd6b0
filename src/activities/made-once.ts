import { TemperError } from '../cluster/errors.js';
import type { KeyAlgorithm } from '../cluster/certificates.js';
import type { CertificateRow } from '../cluster/kubeadm/certificates.js';
import type { HostTarget } from '../host/target.js';
import type { CertificateChange } from './changes/change.js';
import type { CertificateFact, FactReaders } from './facts/facts.js';

export interface CertificatesInput {
  certificates: CertificateRow[];
  algorithm: KeyAlgorithm;
  validityHours: number;
  /** Where the key of a CA lies that is not on this host, by the CA's base path. */
  signerHosts?: Record<string, HostTarget>;
}

export interface CertificatesOnHost {
  /** In the order of the input. */
  present: (CertificateFact | undefined)[];
  /** By base path of the CA. */
  signers: Record<string, CertificateFact | undefined>;
}

export async function readCertificates(facts: FactReaders, rows: CertificateRow[]): Promise<CertificatesOnHost> {
  const signers = [...new Set(rows.map(({ signer }) => signer).filter((signer) => signer !== 'self'))];
  return {
    present: await Promise.all(rows.map(({ path }) => facts.certificate(path))),
    signers: Object.fromEntries(await Promise.all(signers.map(async (path) => [path, await facts.certificate(path)]))),
  };
}

/** Those that are missing. One that is there is kept; one that cannot be used is neither kept nor replaced: CERTIFICATE_UNUSABLE. */
export function missingCertificates(
  input: CertificatesInput,
  { present, signers }: CertificatesOnHost,
): CertificateChange[] {
  const { certificates, algorithm, validityHours, signerHosts = {} } = input;
  return certificates.flatMap(({ path, spec, signer }, i): CertificateChange[] => {
    const fact = present[i];
    if (!fact)
      return [{ kind: 'certificate', path, spec, signer, signerHost: signerHosts[signer], algorithm, validityHours }];
    const complaint = explain(certificates[i]!, fact, signers[signer]);
    if (!complaint) return [];
    throw new TemperError('CERTIFICATE_UNUSABLE', `${path}.crt ${complaint}`, {
      // A new CA would end the trust in everything that the old one signed.
      hint: spec.isCa
        ? `openssl x509 -noout -text -in ${path}.crt; put the CA and the key that belongs to it back`
        : `openssl x509 -noout -text -in ${path}.crt; move it and its key away to have them made anew`,
    });
  });
}

function explain(
  { path, spec, signer }: CertificateRow,
  fact: CertificateFact,
  ca?: CertificateFact,
): string | undefined {
  if (!fact.keyPresent) return `has no key ${path}.key`;
  if (fact.isCa !== spec.isCa) return spec.isCa ? 'is not a CA' : 'is a CA';
  if (ca && fact.authorityKeyId !== ca.subjectKeyId) return `was not signed by ${signer}.crt`;
  const names = [...fact.dnsNames, ...fact.ipAddresses];
  const missing = [...spec.dnsNames, ...spec.ipAddresses].filter((name) => !names.includes(name));
  return missing.length > 0 ? `does not name ${missing.join(', ')}` : undefined;
}
