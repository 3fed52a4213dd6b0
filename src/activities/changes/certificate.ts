import type { CertificateChange } from './change.js';
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
  content: ({ spec, signer, signerHost }) =>
    `<key and certificate of ${spec.commonName}, signed by ${signer}${signerHost ? ` of ${signerHost.name}` : ''}>`,
  mode: () => '0600',
  apply: async (writer, changes) => {
    for (const batch of batches(changes)) await make(writer, batch);
  },
};

/** What can be made at once: nothing in a batch is signed by another of it, and all keys that sign lie on one host. */
function batches(changes: readonly CertificateChange[]): CertificateChange[][] {
  const found: CertificateChange[][] = [[]];
  for (const change of changes) {
    const mayJoin = ({ path, signerHost }: CertificateChange) =>
      path !== change.signer && signerHost?.name === change.signerHost?.name;
    if (!found.at(-1)!.every(mayJoin)) found.push([]);
    found.at(-1)!.push(change);
  }
  return found;
}

async function make(writer: Writer, changes: readonly CertificateChange[]): Promise<void> {
  const [{ signerHost }] = changes as [CertificateChange];
  const authorities = await readAuthorities(
    signerHost ? await writer.elsewhere(signerHost) : writer,
    changes.map(({ signer }) => signer).filter((path) => path !== 'self'),
  );
  const files = await Promise.all(
    changes.map(async ({ path, spec, signer, algorithm, validityHours, notBefore }) => {
      const request = { spec, algorithm, validityHours, notBefore, signer: authorities.get(signer) };
      const { keyPem, certificatePem } = await makeCertificate(request);
      const unless = [`${path}.crt`, `${path}.key`];
      return [
        { path: `${path}.key`, mode: '0600', content: keyPem, unless },
        { path: `${path}.crt`, mode: '0644', content: certificatePem, unless },
      ];
    }),
  );
  await writeFiles(writer, `writing ${changes.map(({ path }) => `${path}.crt`).join(', ')}`, files.flat());
}

/** Certificates and keys of CAs, by their base path, into the worker's memory, from where they go nowhere. */
export async function readAuthorities(
  writer: Writer,
  paths: readonly string[],
): Promise<Map<string, CertificateAndKey>> {
  const read = async (path: string) => {
    const [certificatePem, keyPem] = await Promise.all(
      [`${path}.crt`, `${path}.key`].map((file) => readHostFile(writer, file)),
    );
    return [path, { certificatePem: certificatePem!, keyPem: keyPem! }] as const;
  };
  return new Map(await Promise.all([...new Set(paths)].map(read)));
}
