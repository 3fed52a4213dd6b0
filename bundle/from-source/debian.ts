import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { cached } from '../cache.js';
import { run } from '../run.js';
import type { Progress } from './progress.js';

/** Downloads Debian packages with all that they depend on, as for a host that has nothing at all. Returns the folder of .deb files. */
export async function debianClosure(names: readonly string[], progress: Progress): Promise<string> {
  return cached('debian-closure', { values: { sources, names } }, async (folder) => {
    progress(`Debian packages: downloading ${names.join(' ')} and what they depend on`);
    const apt = join(folder, 'apt');
    await mkdir(join(apt, 'state/lists/partial'), { recursive: true });
    await mkdir(join(apt, 'cache/archives/partial'), { recursive: true });
    await writeFile(join(apt, 'sources.list'), sources);
    await writeFile(join(apt, 'status'), '');
    const options = aptOptions(apt);
    await run(['apt-get', ...options, 'update', '-o', 'APT::Update::Error-Mode=any']);
    await run(['apt-get', ...options, 'install', '--yes', '--download-only', ...names]);
    const archives = join(apt, 'cache/archives');
    for (const file of await readdir(archives)) {
      if (file.endsWith('.deb')) await rename(join(archives, file), join(folder, file));
    }
    await rm(apt, { recursive: true });
  });
}

/** The version of the package `name` in a folder of .deb files. */
export async function debianVersion(folder: string, name: string): Promise<string> {
  const file = (await readdir(folder)).find((entry) => entry.startsWith(`${name}_`));
  if (!file) throw new Error(`${folder} has no package ${name}`);
  return (await run(['dpkg-deb', '--field', join(folder, file), 'Version'])).trim();
}

const sources = ['bookworm', 'bookworm-updates', 'bookworm-security']
  .map((suite) => {
    const archive = suite.endsWith('security') ? 'debian-security' : 'debian';
    return `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/${archive} ${suite} main\n`;
  })
  .join('');

/** Everything apt keeps lies in `apt`; only the machine's own settings, such as a proxy, still count. */
function aptOptions(apt: string): string[] {
  return Object.entries({
    'Dir::Etc::sourcelist': join(apt, 'sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::Etc::preferencesparts': '-',
    'Dir::State': join(apt, 'state'),
    'Dir::State::status': join(apt, 'status'),
    'Dir::Cache': join(apt, 'cache'),
    'APT::Architecture': 'amd64',
    'APT::Architectures': 'amd64',
    'APT::Install-Recommends': 'false',
    // The sandbox user cannot read a cache in somebody's home.
    'APT::Sandbox::User': 'root',
  }).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}
