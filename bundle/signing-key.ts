import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run } from './run.js';

/**
 * Lends `work` a gpg with one key, made for this one repository: so nothing else can ever be signed with what its hosts trust. The public part
 * is left in `folder` as key.asc, the private part is thrown away.
 */
export async function withSigningKey(folder: string, work: (key: SigningKey) => Promise<void>): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'temper-gpg-'));
  const batch = ['--batch', '--quiet', '--no-tty', '--passphrase', '', '--pinentry-mode', 'loopback'];
  const gpg = (...args: string[]) => run(['gpg', '--homedir', home, ...batch, '--digest-algo', 'SHA512', ...args]);
  try {
    await gpg('--quick-generate-key', keyName, 'rsa3072', 'sign', 'never');
    await gpg('--export', '--armor', '--output', join(folder, 'key.asc'));
    await work({ gpg, home });
  } finally {
    await run(['gpgconf', '--homedir', home, '--kill', 'all']);
    await rm(home, { recursive: true });
  }
}

export const keyName = 'Temper bundle';

export interface SigningKey {
  gpg: (...args: string[]) => Promise<string>;
  /** gpg's home folder, for programs that call gpg themselves. */
  home: string;
}
