/** What a certificate says, whoever makes it. */
export interface CertificateSpec {
  commonName: string;
  /** O of the subject, in order. */
  organizations: string[];
  isCa: boolean;
  usages: ('server' | 'client')[];
  /** In the order in which they stand in the certificate. */
  dnsNames: string[];
  ipAddresses: string[];
}

/** As kubeadm's `encryptionAlgorithm` names them. */
export type KeyAlgorithm = 'RSA-2048' | 'RSA-3072' | 'RSA-4096' | 'ECDSA-P256' | 'ECDSA-P384';
