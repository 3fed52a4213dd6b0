import type { KeyPairChange } from './change.js';
import { oneByOne } from './kind.js';
import type { Kind } from './kind.js';
import { makeKeyPair } from './pki.js';
import { writeFiles } from './write-files.js';

export const keyPair: Kind<KeyPairChange> = {
  target: ({ path }) => path,
  describe: ({ path }) => `Make the key pair ${path}.key and ${path}.pub`,
  content: ({ path }) => `<key pair ${path}>`,
  mode: () => '0600',
  apply: oneByOne(async (writer, { path, algorithm }) => {
    const { privatePem, publicPem } = await makeKeyPair(algorithm);
    const unless = [`${path}.key`, `${path}.pub`];
    await writeFiles(writer, `writing ${path}.key`, [
      { path: `${path}.key`, mode: '0600', content: privatePem, unless },
      { path: `${path}.pub`, mode: '0600', content: publicPem, unless },
    ]);
  }),
};
