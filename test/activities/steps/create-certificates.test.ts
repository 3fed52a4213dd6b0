import { expect, test } from 'vitest';
import type { CertificateFact } from '../../../src/activities/facts/facts.js';
import { createCertificateAuthorities } from '../../../src/activities/steps/create-certificate-authorities.js';
import { createCertificates } from '../../../src/activities/steps/create-certificates.js';
import { writeKubeconfigs } from '../../../src/activities/steps/write-kubeconfigs.js';
import {
  certificateAuthorities,
  certificates,
  kubeconfigs,
  type CertificateRow,
} from '../../../src/cluster/kubeadm/certificates.js';
import { sampleCluster } from '../../sample-cluster.js';

const cluster = sampleCluster();
const host = cluster.hosts[0]!;
const authorities = certificateAuthorities(cluster);
const [apiserver] = certificates(cluster, host);
const settings = { algorithm: 'RSA-2048', validityHours: 8760 } as const;
const input = { certificates: [apiserver!], ...settings };
const ca: CertificateFact = {
  ...factOf(authorities[0]!.spec),
  subjectKeyId: 'ca',
  authorityKeyId: undefined,
};
const good: CertificateFact = { ...factOf(apiserver!.spec), authorityKeyId: 'ca' };

test.each<[string, Partial<CertificateFact>, RegExp]>([
  ['has no key', { keyPresent: false }, /apiserver\.crt has no key/],
  ['was signed by another CA', { authorityKeyId: 'other' }, /apiserver\.crt was not signed by .*\/ca\.crt/],
  ['is a CA itself', { isCa: true }, /apiserver\.crt is a CA/],
  ['lacks an address', { ipAddresses: ['10.96.0.1'] }, /apiserver\.crt does not name 10\.0\.0\.11/],
  ['lacks a name', { dnsNames: [] }, /apiserver\.crt does not name cp1, kubernetes, /],
])('a certificate that %s is neither used nor replaced', (_, difference, message) => {
  const facts = { present: [{ ...good, ...difference }], signers: { [apiserver!.signer]: ca } };

  expect(() => createCertificates.plan(input, facts)).toThrow(message);
});

test('a certificate with more names than it needs is kept', () => {
  const facts = { present: [{ ...good, dnsNames: [...good.dnsNames, 'more'] }], signers: { [apiserver!.signer]: ca } };

  expect(createCertificates.plan(input, facts)).toEqual([]);
});

test('another CA than the recorded one is refused as another cluster', () => {
  const present = { present: [{ ...ca, fingerprint: 'other' }], signers: {} };
  const facts = { authorities: present, hasKeyPair: [], recorded: 'recorded\n' };

  expect(() => createCertificateAuthorities.plan({ authorities, keyPairs: [], ...settings }, facts)).toThrow(
    /the CA of this cluster .* is another one/,
  );
});

test('a lost CA is not made anew', () => {
  const facts = { authorities: { present: [], signers: {} }, hasKeyPair: [], recorded: 'recorded\n' };

  expect(() => createCertificateAuthorities.plan({ authorities, keyPairs: [], ...settings }, facts)).toThrow(
    /the CA of this cluster .* is gone/,
  );
});

test('a kubeconfig that trusts another CA is neither used nor replaced', () => {
  const [admin] = kubeconfigs(cluster, host);
  const present = { server: '', user: '', context: '', caFingerprint: 'other' };
  const given = { kubeconfigs: [admin!], clusterName: 'kubernetes', ...settings };

  expect(() => writeKubeconfigs.plan(given, { ca, present: [present] })).toThrow(/admin\.conf trusts another CA/);
});

function factOf(spec: CertificateRow['spec']): CertificateFact {
  return { ...spec, notBefore: '', notAfter: '', fingerprint: spec.commonName, keyPresent: true };
}
