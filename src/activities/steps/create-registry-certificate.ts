import { paths } from '../../cluster/paths.js';
import type { CertificateSpec } from '../../cluster/certificates.js';
import type { CertificateChange } from '../changes/change.js';
import { defineStep } from '../step.js';

/** Temper's own CA, which is not the cluster's, and the certificate of the registry and package repository. */
export const createRegistryCertificate = defineStep({
  title: 'Create the certificate of the registry',
  truth: 'made once',
  read: async ({ facts }, input: RegistryCertificate) =>
    Promise.all(certificates(input).map(({ path }) => facts.certificate(path))),
  plan: (input, present) => certificates(input).filter((_, i) => !present[i]?.keyPresent),
});

export interface RegistryCertificate {
  cluster: string;
  address: string;
}

/** Ten years, as kubeadm gives its CAs: every host's packages and images depend on it, and kubeadm does not renew it. */
const validityHours = 87_600;

function certificates({ cluster, address }: RegistryCertificate): CertificateChange[] {
  const ca = `${paths.temperPki}/ca`;
  const shared = { kind: 'certificate', signer: ca, algorithm: 'RSA-2048', validityHours } as const;
  const subject = { organizations: [], dnsNames: [], ipAddresses: [] };
  const authority: CertificateSpec = { ...subject, commonName: `temper-${cluster}`, isCa: true, usages: [] };
  const server: CertificateSpec = {
    ...subject,
    commonName: 'temper-registry',
    isCa: false,
    usages: ['server'],
    ipAddresses: [address],
  };
  return [
    { ...shared, path: ca, spec: authority, signer: 'self' },
    { ...shared, path: `${paths.nginx}/server`, spec: server },
  ];
}
