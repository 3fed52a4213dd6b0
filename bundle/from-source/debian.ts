import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { downloadPackages } from '../apt.js';
import { cached } from '../cache.js';
import { run } from '../run.js';
import { type Progress, stopwatch } from './progress.js';

/** Downloads Debian packages with all that they depend on, as for a host that has nothing at all. Returns the folder of .deb files. */
export async function debianClosure(names: readonly string[], progress: Progress): Promise<string> {
  return cached('debian-closure', { values: { sources, names } }, async (folder) => {
    const watch = stopwatch(`Debian: downloading ${names.join(' ')} and what they depend on`, progress);
    await downloadPackages(sources, names, folder);
    watch.stop();
  });
}

/** The version of the package `name` in a folder of .deb files. */
export async function debianVersion(folder: string, name: string): Promise<string> {
  const file = (await readdir(folder)).find((entry) => entry.startsWith(`${name}_`));
  if (!file) throw new Error(`${folder} has no package ${name}`);
  return (await run(['dpkg-deb', '--field', join(folder, file), 'Version'])).trim();
}

const sources = [
  ['debian', 'bookworm'],
  ['debian', 'bookworm-updates'],
  ['debian-security', 'bookworm-security'],
]
  .map(([archive, suite]) => `http://deb.debian.org/${archive} ${suite} main`)
  .map((place) => `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${place}\n`)
  .join('');
