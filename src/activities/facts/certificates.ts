import 'reflect-metadata';
import { createHash } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { CertificateFact } from './facts.js';

/** What a certificate says; undefined for a text that is none. */
export function parseCertificate(pem: string, keyPresent: boolean): CertificateFact | undefined {
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) return undefined;
  const certificate = new x509.X509Certificate(pem);
  const usages = certificate.getExtension(x509.ExtendedKeyUsageExtension)?.usages ?? [];
  const names = certificate.getExtension(x509.SubjectAlternativeNameExtension)?.names.items ?? [];
  const named = (type: string) => names.filter((name) => name.type === type).map((name) => name.value);
  return {
    commonName: certificate.subjectName.getField('CN')[0] ?? '',
    organizations: certificate.subjectName.getField('O'),
    isCa: certificate.getExtension(x509.BasicConstraintsExtension)?.ca ?? false,
    usages: [
      ...(usages.includes(x509.ExtendedKeyUsage.serverAuth) ? (['server'] as const) : []),
      ...(usages.includes(x509.ExtendedKeyUsage.clientAuth) ? (['client'] as const) : []),
    ],
    dnsNames: named('dns'),
    ipAddresses: named('ip'),
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    fingerprint: createHash('sha256').update(Buffer.from(certificate.rawData)).digest('hex'),
    authorityKeyId: certificate.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId,
    subjectKeyId: certificate.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId,
    keyPresent,
  };
}
