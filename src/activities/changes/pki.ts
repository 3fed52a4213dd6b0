import 'reflect-metadata';
import { createHash, createPrivateKey, generateKeyPair, randomBytes, webcrypto } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import * as x509 from '@peculiar/x509';
import type { CertificateSpec, KeyAlgorithm } from '../../cluster/certificates.js';

export interface CertificateRequest {
  spec: CertificateSpec;
  algorithm: KeyAlgorithm;
  validityHours: number;
  /** 'ca' takes NotBefore from the signer, as kubeadm does for kubeconfig clients; default: five minutes before now. */
  notBefore?: 'ca';
  /** Left out: self-signed. */
  signer?: CertificateAndKey;
}

export interface CertificateAndKey {
  certificatePem: string;
  keyPem: string;
}

/** Makes a key and its certificate as kubeadm makes them: the same fields, extensions and PEM types in the same order. */
export async function makeCertificate(request: CertificateRequest): Promise<CertificateAndKey> {
  const { spec, signer } = request;
  const own = await generateKey(request.algorithm);
  const signerCertificate = signer && new x509.X509Certificate(signer.certificatePem);
  const signingKey = signer ? createPrivateKey(signer.keyPem) : own.privateKey;
  const now = wholeSecond(Date.now());
  const name = distinguishedName(spec);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: name,
    issuer: signerCertificate ? signerCertificate.subjectName : name,
    notBefore: request.notBefore === 'ca' && signerCertificate ? signerCertificate.notBefore : minutesBefore(now, 5),
    notAfter: new Date(now.getTime() + request.validityHours * 3_600_000),
    publicKey: await importPublic(own.publicKey),
    signingKey: await importPrivate(signingKey),
    signingAlgorithm: { name: webAlgorithm(signingKey).name, hash: signatureHash(signingKey) },
    extensions: extensions(spec, own.publicKey, signerCertificate),
  });
  return { certificatePem: `${certificate.toString('pem')}\n`, keyPem: privatePem(own.privateKey) };
}

/** A service account key pair: the private half as kubeadm writes `sa.key`, the public half as `sa.pub`. */
export async function makeKeyPair(algorithm: KeyAlgorithm): Promise<{ privatePem: string; publicPem: string }> {
  const { privateKey, publicKey } = await generateKey(algorithm);
  return { privatePem: privatePem(privateKey), publicPem: publicKey.export({ type: 'spki', format: 'pem' }) as string };
}

/** In the order in which Go's x509 writes them. */
function extensions(spec: CertificateSpec, publicKey: KeyObject, signer?: x509.X509Certificate): x509.Extension[] {
  const { digitalSignature, keyEncipherment, keyCertSign } = x509.KeyUsageFlags;
  const usages = spec.usages.map((usage) => x509.ExtendedKeyUsage[usage === 'server' ? 'serverAuth' : 'clientAuth']);
  const names = [
    ...spec.dnsNames.map((value) => ({ type: 'dns' as const, value })),
    ...spec.ipAddresses.map((value) => ({ type: 'ip' as const, value })),
  ];
  const signerId = signer?.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
  return [
    new x509.KeyUsagesExtension(digitalSignature | keyEncipherment | (spec.isCa ? keyCertSign : 0), true),
    ...(usages.length > 0 ? [new x509.ExtendedKeyUsageExtension(usages)] : []),
    new x509.BasicConstraintsExtension(spec.isCa, undefined, true),
    ...(spec.isCa ? [new x509.SubjectKeyIdentifierExtension(keyId(publicKey))] : []),
    ...(signerId ? [new x509.AuthorityKeyIdentifierExtension(signerId)] : []),
    ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
  ];
}

function distinguishedName({ organizations, commonName }: CertificateSpec): x509.Name {
  return new x509.Name([...organizations.map((organization) => ({ O: [organization] })), { CN: [commonName] }]);
}

/** RFC 7093 method 1, as Go does since 1.25: the first 160 bits of the SHA-256 of the public key's bit string. */
function keyId(publicKey: KeyObject): string {
  return createHash('sha256').update(publicKeyBits(publicKey)).digest('hex').slice(0, 40);
}

function publicKeyBits(publicKey: KeyObject): Buffer {
  if (publicKey.asymmetricKeyType === 'rsa') return publicKey.export({ type: 'pkcs1', format: 'der' });
  // An uncompressed point is 0x04, x, y, and ends the SubjectPublicKeyInfo.
  const pointLength = isP384(publicKey) ? 97 : 65;
  return publicKey.export({ type: 'spki', format: 'der' }).subarray(-pointLength);
}

async function generateKey(algorithm: KeyAlgorithm): Promise<{ privateKey: KeyObject; publicKey: KeyObject }> {
  const [kind, size] = algorithm.split('-') as ['RSA' | 'ECDSA', string];
  return kind === 'RSA'
    ? promisify(generateKeyPair)('rsa', { modulusLength: Number(size) })
    : promisify(generateKeyPair)('ec', { namedCurve: size.replace('P', 'P-') });
}

/** PKCS#1 for RSA, SEC1 for EC. */
function privatePem(key: KeyObject): string {
  const type = key.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'sec1';
  return key.export({ type, format: 'pem' } as { type: 'pkcs1'; format: 'pem' }) as string;
}

function importPublic(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const der = key.export({ type: 'spki', format: 'der' });
  return webcrypto.subtle.importKey('spki', der, webAlgorithm(key), true, ['verify']);
}

function importPrivate(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const der = key.export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', der, webAlgorithm(key), false, ['sign']);
}

function webAlgorithm(key: KeyObject) {
  return key.asymmetricKeyType === 'rsa'
    ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
    : { name: 'ECDSA', namedCurve: isP384(key) ? 'P-384' : 'P-256' };
}

function signatureHash(key: KeyObject): string {
  return isP384(key) ? 'SHA-384' : 'SHA-256';
}

function isP384(key: KeyObject): boolean {
  return key.asymmetricKeyDetails?.namedCurve === 'secp384r1';
}

/** 63 random bits, never zero. */
function serialNumber(): string {
  const bytes = randomBytes(8);
  bytes[0]! &= 0x7f;
  bytes[7]! |= 1;
  return bytes.toString('hex');
}

function wholeSecond(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000);
}

function minutesBefore(date: Date, minutes: number): Date {
  return new Date(date.getTime() - minutes * 60_000);
}
