import type { KeyPairChange } from './change.js';
import { oneByOne } from './kind.js';
import type { Kind } from './kind.js';
import { makeKeyPair } from './pki.js';
import { writeFiles } from './write-files.js';

export const keyPair: Kind<KeyPairChange> = {
  target: ({ path }) => path,
  describe: (change) => `Make the key pair ${privateKeyOf(change)} and ${change.path}.pub`,
  content: ({ path }) => `<key pair ${path}>`,
  mode: () => '0600',
  apply: oneByOne(async (writer, change) => {
    const { privatePem, publicPem } = await makeKeyPair(change.algorithm);
    const [key, pub] = [privateKeyOf(change), `${change.path}.pub`];
    await writeFiles(writer, `writing ${key}`, [
      { path: key, mode: '0600', content: privatePem, unless: [key, pub] },
      { path: pub, mode: '0600', content: publicPem, unless: [key, pub] },
    ]);
  }),
};

function privateKeyOf({ path, extension = 'key' }: KeyPairChange): string {
  return `${path}.${extension}`;
}
