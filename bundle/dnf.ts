import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run } from './run.js';

/**
 * Downloads packages into `folder` with all that they depend on, as for a host that has nothing at all. `repositories` is the text of a .repo
 * file; dnf checks each package's signature by its `gpgkey`.
 */
export async function downloadRpms(repositories: string, packages: readonly string[], folder: string): Promise<void> {
  await withDnf(repositories, async (dnf, scratch) => {
    const downloads = join(scratch, 'downloads');
    // Without a folder of its own dnf would leave the packages of a `file:` repository where they are.
    await dnf('install', '--downloadonly', `--downloaddir=${downloads}`, ...packages.map(packageSpec));
    for (const file of await readdir(downloads)) await rename(join(downloads, file), join(folder, file));
  });
}

/** `kubelet=1.36.3-*`, which reads the same for apt, as dnf takes it: `kubelet-1.36.3-*`. */
export function packageSpec(wanted: string): string {
  return wanted.replace('=', '-');
}

/**
 * Lends `work` a dnf that knows only `repositories` and believes that nothing is installed. Everything it keeps lies in a folder of its own,
 * `scratch`; nothing comes from the machine.
 */
export async function withDnf(
  repositories: string,
  work: (dnf: (...args: string[]) => Promise<string>, scratch: string) => Promise<void>,
): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'temper-dnf-'));
  try {
    const config = join(scratch, 'dnf.conf');
    await writeFile(config, `${settings}\n${repositories}`);
    await mkdir(join(scratch, 'root'));
    const options = [`--config=${config}`, `--installroot=${join(scratch, 'root')}`, '--quiet', '--assumeyes'];
    await work((...args) => run(['dnf', ...options, ...args], { env: { LC_ALL: 'C' } }), scratch);
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** Defaults for every repository; what one says of itself goes before them. */
const settings = `[main]
reposdir=/nonexistent
cachedir=/cache
plugins=0
best=1
install_weak_deps=0
gpgcheck=1
skip_if_unavailable=0`;
