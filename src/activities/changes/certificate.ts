import type { CertificateChange } from './change.js';
import { oneByOne } from './kind.js';
import type { Kind } from './kind.js';
import { makeCertificate } from './pki.js';
import type { CertificateAndKey } from './pki.js';
import { readHostFile } from './writer.js';
import type { Writer } from './writer.js';
import { writeFiles } from './write-files.js';

export const certificate: Kind<CertificateChange> = {
  target: ({ path }) => path,
  describe: ({ path, spec }) =>
    `Make the ${spec.isCa ? 'certificate authority' : 'certificate'} ${path}.crt and its key`,
  content: (change) => `<key and certificate of ${change.spec.commonName}, signed by ${change.signer}>`,
  mode: () => '0600',
  apply: oneByOne(async (writer, { path, spec, signer, algorithm, validityHours, notBefore }) => {
    const authority = signer === 'self' ? undefined : await readAuthority(writer, signer);
    const made = await makeCertificate({ spec, algorithm, validityHours, notBefore, signer: authority });
    const files = [
      { path: `${path}.key`, mode: '0600', content: made.keyPem },
      { path: `${path}.crt`, mode: '0644', content: made.certificatePem },
    ];
    await writeFiles(writer, `writing ${path}.crt`, files, `[ -e '${path}.crt' ] && [ -e '${path}.key' ]`);
  }),
};

/** Into the worker's memory, from where it goes nowhere. */
export async function readAuthority(writer: Writer, path: string): Promise<CertificateAndKey> {
  const [certificatePem, keyPem] = await Promise.all([
    readHostFile(writer, `${path}.crt`),
    readHostFile(writer, `${path}.key`),
  ]);
  return { certificatePem, keyPem };
}
