import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { withApt } from './apt.js';
import { run } from './run.js';
import { withSigningKey } from './signing-key.js';

export const debSuite = { suite: 'temper', component: 'main', architecture: 'amd64' } as const;

/** Makes a signed apt repository in `folder` of the .deb files that lie in its `pool`. Its public key is key.asc and, not armored, key.gpg. */
export async function makeDebRepository(folder: string): Promise<void> {
  const { suite, component, architecture } = debSuite;
  const dists = join(folder, 'dists', suite);
  const index = join(dists, component, `binary-${architecture}`);
  await mkdir(index, { recursive: true });
  const packages = await run(['apt-ftparchive', 'packages', 'pool'], { cwd: folder });
  await writeFile(join(index, 'Packages'), packages);
  await run(['gzip', '--best', '--no-name', '--keep', join(index, 'Packages')]);
  // Written beside dists at first, else apt-ftparchive would list the unfinished Release in itself.
  const release = join(folder, 'Release');
  await writeFile(release, await run(['apt-ftparchive', ...releaseFields(), 'release', dists]));
  await rename(release, join(dists, 'Release'));
  await withSigningKey(folder, async ({ gpg }) => {
    await gpg('--clearsign', '--output', join(dists, 'InRelease'), join(dists, 'Release'));
    await gpg('--export', '--output', join(folder, 'key.gpg'));
  });
}

/** Proves that apt accepts the signed repository and finds everything in it that `install` needs. */
export async function proveDebRepository(folder: string, install: Record<string, string>): Promise<void> {
  const { suite, component } = debSuite;
  const source = `deb [signed-by=${join(folder, 'key.gpg')}] file:${folder} ${suite} ${component}\n`;
  const exact = Object.entries(install).map(([name, version]) => `${name}=${version}`);
  await withApt(source, async (aptGet) => void (await aptGet('install', '--simulate', ...exact)));
}

/** Versions of the packages in the pool, by name. Throws when one is there twice, because apt would take either. */
export async function poolPackages(folder: string): Promise<Map<string, string>> {
  const versions = new Map<string, string>();
  for (const file of (await readdir(join(folder, 'pool'))).sort()) {
    const shown = await run(['dpkg-deb', '--show', join(folder, 'pool', file)]);
    const [name = '', version = ''] = shown.trim().split('\t');
    if (versions.has(name)) throw new Error(`the pool has ${name} twice: ${versions.get(name)} and ${version}`);
    versions.set(name, version);
  }
  return versions;
}

function releaseFields(): string[] {
  const { suite, component, architecture } = debSuite;
  return Object.entries({
    Origin: 'Temper',
    Label: 'Temper',
    Suite: suite,
    Codename: suite,
    Architectures: architecture,
    Components: component,
  }).flatMap(([field, value]) => ['-o', `APT::FTPArchive::Release::${field}=${value}`]);
}
