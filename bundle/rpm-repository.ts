import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { packageSpec, withDnf } from './dnf.js';
import { run } from './run.js';
import { keyName, withSigningKey } from './signing-key.js';

/**
 * Makes a signed dnf repository in `folder` of the .rpm files that lie in its `pool`. One key, key.asc, signs the list of packages and each
 * package, in place of whoever signed it before.
 */
export async function makeRpmRepository(folder: string): Promise<void> {
  const pool = (await readdir(join(folder, 'pool'))).map((file) => join(folder, 'pool', file));
  await withSigningKey(folder, async ({ gpg, home }) => {
    await run(['rpmsign', ...macros({ ...signing, _gpg_path: home }), '--resign', ...pool]);
    await run(['createrepo_c', '--quiet', '--no-database', '--simple-md-filenames', folder]);
    const index = join(folder, 'repodata/repomd.xml');
    await gpg('--detach-sign', '--armor', '--output', `${index}.asc`, index);
  });
}

/** Proves that dnf accepts the signed repository and each signed package, and finds everything in it that `install` needs. */
export async function proveRpmRepository(folder: string, install: Record<string, string>): Promise<void> {
  const source = Object.entries({
    baseurl: pathToFileURL(folder),
    gpgkey: pathToFileURL(join(folder, 'key.asc')),
    gpgcheck: 1,
    repo_gpgcheck: 1,
  }).map(([name, value]) => `${name}=${value}\n`);
  const exact = Object.entries(install).map(([name, version]) => packageSpec(`${name}=${version}`));
  await withDnf(`[temper]\n${source.join('')}`, async (dnf) => {
    await dnf('install', '--downloadonly', ...exact);
  });
}

/** Versions (`[epoch:]version-release`) of the packages in the pool, by name. Throws when one is there twice, because dnf would take either. */
export async function poolRpms(folder: string): Promise<Map<string, string>> {
  const versions = new Map<string, string>();
  const query = [
    'rpm',
    '--query',
    '--nosignature',
    '--queryformat',
    '%{NAME} %|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}',
  ];
  for (const file of (await readdir(join(folder, 'pool'))).sort()) {
    const [name = '', version = ''] = (await run([...query, '--package', join(folder, 'pool', file)])).split(' ');
    if (versions.has(name)) throw new Error(`the pool has ${name} twice: ${versions.get(name)} and ${version}`);
    versions.set(name, version);
  }
  return versions;
}

/** Debian's rpm looks for a gpg2 that Debian does not have. */
const signing = { __gpg: '/usr/bin/gpg', _gpg_name: keyName, _gpg_digest_algo: 'sha512' };

function macros(values: Record<string, string>): string[] {
  return Object.entries(values).map(([name, value]) => `--define=${name} ${value}`);
}
