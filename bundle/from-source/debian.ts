import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { downloadPackages } from '../apt.js';
import { cached } from '../cache.js';
import { run } from '../run.js';
import { type Progress, stopwatch } from './progress.js';

/** Downloads Debian packages with all that they depend on, as for a host that has nothing at all. Returns the folder of .deb files. */
export async function debianClosure(names: readonly string[], progress: Progress): Promise<string> {
  return cached('debian-closure', { values: { suites, names } }, async (folder) => {
    const watch = stopwatch(`Debian: downloading ${names.join(' ')} and what they depend on`, progress);
    await downloadPackages(await debianSources(), names, folder);
    watch.stop();
  });
}

/** The version of the package `name` in a folder of .deb files. */
export async function debianVersion(folder: string, name: string): Promise<string> {
  const file = (await readdir(folder)).find((entry) => entry.startsWith(`${name}_`));
  if (!file) throw new Error(`${folder} has no package ${name}`);
  return (await run(['dpkg-deb', '--field', join(folder, file), 'Version'])).trim();
}

const suites = ['bookworm', 'bookworm-updates', 'bookworm-security'];

/** Where this machine gets its own Debian packages from, as lines of sources.list. */
async function debianSources(): Promise<string> {
  const format = '$(REPO_URI) $(RELEASE) $(COMPONENT)';
  const targets = await run(['apt-get', 'indextargets', '--format', format, 'Identifier: Packages']);
  const wanted = suites.map((suite) => ` ${suite} main`);
  const places = [...new Set(targets.trim().split('\n'))].filter((line) => wanted.some((end) => line.endsWith(end)));
  if (places.length === 0) throw new Error(`the sources of apt on this machine have none of ${suites.join(', ')}`);
  const key = '/usr/share/keyrings/debian-archive-keyring.gpg';
  return places.map((place) => `deb [signed-by=${key}] ${place}\n`).join('');
}
