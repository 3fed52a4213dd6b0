import { createPrivateKey, createPublicKey, X509Certificate as NodeCertificate } from 'node:crypto';
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { parse } from 'yaml';

/** Everything a certificate says but random numbers, keys and the moment it was made. */
export function describeCertificate(pem: string) {
  const certificate = new x509.X509Certificate(pem);
  const node = new NodeCertificate(pem);
  const made = certificate.notBefore.getTime();
  return {
    pem: pem.replaceAll(/[A-Za-z0-9+/=]{64}\n/g, '').replace(/\n[A-Za-z0-9+/=]+\n/, '\n'),
    subject: Buffer.from(certificate.subjectName.toArrayBuffer()).toString('hex'),
    issuer: Buffer.from(certificate.issuerName.toArrayBuffer()).toString('hex'),
    signature: [certificate.signatureAlgorithm, node.publicKey.asymmetricKeyType, node.publicKey.asymmetricKeyDetails],
    // A client certificate begins with its CA, so its length depends on how long making the others took.
    validityHalfHours: Math.floor((certificate.notAfter.getTime() - made) / 1_800_000),
    isBackdated: Math.abs(Date.now() - 5 * 60_000 - made) < 10 * 60_000,
    hasRandomSerial: /^[0-7]?[0-9a-f]{12,15}$/.test(certificate.serialNumber.replace(/^0+/, '')),
    extensions: certificate.extensions.map((extension) => ({
      type: extension.type,
      critical: extension.critical,
      value: isKeyIdentifier(extension) ? extension.value.byteLength : Buffer.from(extension.value).toString('hex'),
    })),
  };
}

function isKeyIdentifier(extension: x509.Extension): boolean {
  return (
    extension instanceof x509.SubjectKeyIdentifierExtension || extension instanceof x509.AuthorityKeyIdentifierExtension
  );
}

/** PEM type, algorithm and size of a private or public key. */
export function describeKey(pem: string) {
  const key = pem.includes('PRIVATE') ? createPrivateKey(pem) : createPublicKey(pem);
  const [firstLine] = pem.split('\n');
  const lastLines = pem.slice(pem.lastIndexOf('-----END'));
  return { firstLine, lastLines, type: key.asymmetricKeyType, details: key.asymmetricKeyDetails };
}

/** The text with keys and certificates taken out of it, and what those say. */
export function describeKubeconfig(text: string) {
  const { clusters, users } = parse(text);
  const decode = (data: string) => Buffer.from(data, 'base64').toString();
  return {
    text: text.replaceAll(/(-data: ).*/g, '$1<masked>'),
    ca: describeCertificate(decode(clusters[0].cluster['certificate-authority-data'])),
    client: describeCertificate(decode(users[0].user['client-certificate-data'])),
    beginsWithCa:
      beginOf(decode(users[0].user['client-certificate-data'])) ===
      beginOf(decode(clusters[0].cluster['certificate-authority-data'])),
    key: describeKey(decode(users[0].user['client-key-data'])),
  };
}

function beginOf(pem: string): number {
  return new x509.X509Certificate(pem).notBefore.getTime();
}
