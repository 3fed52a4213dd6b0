import { mkdir, readdir, readFile, readlink, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { cached } from '../cache.js';
import { run } from '../run.js';
import { fixedFiles, layOut } from './build-packages.js';
import { debianVersion } from './debian.js';
import { packages, type Package } from './packages.js';
import { type Progress, stopwatch } from './progress.js';

/**
 * Builds the same packages for RHEL and its like, and runc of the Debian package in the folder `debian`, whose program needs nothing that RHEL 9
 * lacks. The files are the Debian packages' own. Returns the folder of .rpm files, not signed.
 */
export async function buildRpms(builds: Record<string, string>, debian: string, progress: Progress): Promise<string> {
  const wanted = { ...packages, runc: runc(await debianVersion(debian, 'runc')) };
  return cached('rpms', { values: { wanted, builds, debian }, paths: [fixedFiles] }, async (folder) => {
    const watch = stopwatch('rpm packages: building', progress, Object.keys(wanted).length);
    const scratch = join(folder, 'scratch');
    const all = { ...builds, runc: await extractRunc(debian, join(scratch, 'runc-of-debian')) };
    for (const [name, parts] of Object.entries(wanted)) {
      const root = join(scratch, name);
      await moveDefaults(root, await layOut(root, name, parts, all));
      const description = join(scratch, `${name}.yaml`);
      await writeFile(description, stringify(await describe(name, parts, root, wanted)));
      await run([
        join(builds.nfpm ?? '', 'nfpm'),
        'package',
        '--config',
        description,
        '--packager=rpm',
        '--target',
        folder,
      ]);
      watch.step();
    }
    await rm(scratch, { recursive: true });
    watch.stop();
  });
}

function runc(version: string): Package {
  const binaries: Package['binaries'] = { '/usr/bin/runc': ['runc', 'usr/sbin/runc'] };
  return { version, description: 'Open Container Initiative runtime', relations: {}, binaries };
}

async function extractRunc(debian: string, folder: string): Promise<string> {
  const file = (await readdir(debian)).find((name) => name.startsWith('runc_')) ?? '';
  await mkdir(folder, { recursive: true });
  await run(['dpkg-deb', '--extract', join(debian, file), folder]);
  return folder;
}

/** What Debian keeps in /etc/default, RHEL keeps in /etc/sysconfig; units name the folder. */
async function moveDefaults(root: string, files: string[]): Promise<void> {
  for (const path of files.filter((file) => file.startsWith('/usr/lib/systemd/'))) {
    const text = await readFile(join(root, path), 'utf8');
    await writeFile(join(root, path), text.replaceAll('/etc/default/', '/etc/sysconfig/'));
  }
  if (files.some((path) => path.startsWith('/etc/default/')))
    await rename(`${root}/etc/default`, `${root}/etc/sysconfig`);
}

/** nfpm's description of a package. The same files give the same bytes: all times are the epoch's. */
async function describe(name: string, parts: Package, root: string, known: Record<string, Package>) {
  const { version, description, relations, folders = [] } = parts;
  const dash = version.lastIndexOf('-');
  return {
    name,
    arch: 'amd64',
    version_schema: 'none',
    version: version.slice(0, dash),
    release: version.slice(dash + 1),
    maintainer: 'Temper <temper@localhost>',
    license: 'Apache-2.0',
    description,
    mtime: '1970-01-01T00:00:00Z',
    disable_globbing: true,
    // What every RHEL has, or names otherwise than Debian, is not asked for: the repository is used alone and does not hold it.
    depends: relation(relations.Depends).filter((needed) => needed.split(' ')[0]! in known),
    conflicts: relation(relations.Conflicts),
    replaces: relation(relations.Replaces),
    rpm: { compression: 'zstd', buildhost: 'localhost' },
    contents: [
      ...(await contentsOf(root)),
      ...folders.map((dst) => ({ dst, type: 'dir', file_info: { mode: 0o755 } })),
    ],
  };
}

/** Files and links but no folders, because most belong to other packages. */
async function contentsOf(root: string) {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.sort().map(async (src) => {
      const dst = src.slice(root.length);
      const target = await readlink(src).catch(() => undefined);
      if (target) return { src: target, dst, type: 'symlink' };
      return { src, dst, type: dst.startsWith('/etc/') ? 'config|noreplace' : 'file' };
    }),
  );
}

/** `kubernetes-cni (>= 1.2.0), mount` -> `kubernetes-cni >= 1.2.0`, `mount`. */
function relation(field = ''): string[] {
  return field
    .split(', ')
    .filter(Boolean)
    .map((one) => one.replace(/ \((.+)\)$/, ' $1'));
}
