import { expect, test } from 'vitest';
import { makeCertificate } from '../../../src/activities/changes/pki.js';
import { parseCertificate } from '../../../src/activities/facts/certificates.js';
import { parseKubeconfig } from '../../../src/activities/facts/kubeconfigs.js';
import { kubeconfigText } from '../../../src/cluster/kubeadm/kubeconfig.js';

const caSpec = {
  commonName: 'kubernetes',
  organizations: [],
  isCa: true,
  usages: [],
  dnsNames: ['kubernetes'],
  ipAddresses: [],
};
const leafSpec = {
  commonName: 'kube-apiserver',
  organizations: ['system:masters', 'others'],
  isCa: false,
  usages: ['server' as const, 'client' as const],
  dnsNames: ['cp1', 'kubernetes'],
  ipAddresses: ['10.96.0.1', '10.0.0.11'],
};

test('a certificate is read back as it was made', async () => {
  const ca = await makeCertificate({ spec: caSpec, algorithm: 'ECDSA-P256', validityHours: 87600 });
  const leaf = await makeCertificate({ spec: leafSpec, algorithm: 'RSA-2048', validityHours: 8760, signer: ca });

  const authority = parseCertificate(ca.certificatePem, false)!;
  const fact = parseCertificate(leaf.certificatePem, true)!;

  expect(authority).toMatchObject({ ...caSpec, keyPresent: false });
  expect(fact).toMatchObject({ ...leafSpec, keyPresent: true, authorityKeyId: authority.subjectKeyId });
  expect(Date.parse(fact.notAfter) - Date.parse(fact.notBefore)).toBe((8760 * 60 + 5) * 60_000);
});

test('a text that is no certificate is none', () => {
  expect(parseCertificate('nothing', true)).toBeUndefined();
});

test('a kubeconfig is read without its key', async () => {
  const ca = await makeCertificate({ spec: caSpec, algorithm: 'ECDSA-P256', validityHours: 87600 });
  const client = await makeCertificate({ spec: leafSpec, algorithm: 'ECDSA-P256', validityHours: 1, signer: ca });
  const parts = {
    server: 'https://10.0.0.11:6443',
    clusterName: 'kubernetes',
    user: 'admin',
    caPem: ca.certificatePem,
  };

  const embedded = parseKubeconfig(kubeconfigText({ ...parts, client }));
  const onDisk = parseKubeconfig(kubeconfigText({ ...parts, client: { file: '/var/lib/kubelet/pki/current.pem' } }));

  expect(embedded).toMatchObject({
    server: 'https://10.0.0.11:6443',
    user: 'admin',
    context: 'admin@kubernetes',
    caFingerprint: parseCertificate(ca.certificatePem, true)!.fingerprint,
    certificate: { commonName: 'kube-apiserver', organizations: ['system:masters', 'others'] },
  });
  expect(JSON.stringify(embedded)).not.toContain('KEY');
  expect(onDisk).toMatchObject({ certificate: undefined, certificateFile: '/var/lib/kubelet/pki/current.pem' });
  expect(parseKubeconfig('')).toMatchObject({ server: '', user: '' });
});
