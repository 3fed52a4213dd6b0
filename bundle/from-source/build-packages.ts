import { chmod, cp, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { cached } from '../cache.js';
import { projectFolder } from '../project-folder.js';
import { run } from '../run.js';
import { packages, type Package } from './packages.js';
import { type Progress, stopwatch } from './progress.js';

/** Builds our own Debian packages. `builds` names the folder of each finished build. Returns the folder of .deb files. */
export async function buildPackages(builds: Record<string, string>, progress: Progress): Promise<string> {
  return cached('packages', { values: { packages, builds }, paths: [fixedFiles] }, async (folder) => {
    const watch = stopwatch('packages: building', progress, Object.keys(packages).length);
    for (const [name, parts] of Object.entries(packages)) {
      const root = join(folder, name);
      await layOutDeb(root, name, parts, builds);
      // zstd packs the Kubernetes program in seconds; Debian 12 and Ubuntu 22.04 are the first to unpack it.
      await run(['dpkg-deb', '--build', '--root-owner-group', '-Zzstd', root, folder], { env: sameTime });
      await rm(root, { recursive: true });
      watch.step();
    }
    watch.stop();
  });
}

/** A link keeps what it says. */
export const asItIs = { recursive: true, verbatimSymlinks: true } as const;

export const fixedFiles = join(projectFolder, 'bundle/from-source/packages');

/** dpkg-deb writes this time instead of the present one, so the same files give the same package. */
const sameTime = { SOURCE_DATE_EPOCH: '0' };

async function layOutDeb(root: string, name: string, parts: Package, builds: Record<string, string>): Promise<void> {
  const files = await layOut(root, name, parts, builds);
  await mkdir(join(root, 'DEBIAN'));
  const settings = files.filter((path) => path.startsWith('/etc/'));
  if (settings.length) await writeFile(join(root, 'DEBIAN/conffiles'), settings.map((path) => `${path}\n`).join(''));
  await writeFile(join(root, 'DEBIAN/control'), control(name, parts));
}

/** Lays the files of a package into `root`, as a host is to have them. Returns the regular ones as paths on the host. */
export async function layOut(
  root: string,
  name: string,
  parts: Package,
  builds: Record<string, string>,
): Promise<string[]> {
  await mkdir(root, { recursive: true });
  if ((await readdir(fixedFiles)).includes(name)) await cp(join(fixedFiles, name), root, { recursive: true });
  for (const [path, [build, file]] of Object.entries(parts.binaries)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await cp(join(builds[build] ?? '', file), join(root, path), asItIs);
  }
  for (const [path, target] of Object.entries(parts.links ?? {})) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await symlink(target, join(root, path));
  }
  for (const path of parts.folders ?? []) await mkdir(join(root, path), { recursive: true });
  return normalizeModes(root);
}

function control(name: string, { version, description, relations }: Package): string {
  const fields = {
    Package: name,
    Version: version,
    Architecture: 'amd64',
    Maintainer: 'Temper <temper@localhost>',
    Section: 'admin',
    Priority: 'optional',
    ...relations,
    Description: description,
  };
  return Object.entries(fields)
    .map(([field, value]) => `${field}: ${value}\n`)
    .join('');
}

/** Folders and programs 0755, other files 0644, whatever the umask was. Returns the regular files as paths on the host. */
async function normalizeModes(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    if (!entry.isFile()) continue;
    const isProgram = /\/s?bin\/|\/usr\/lib\/kubernetes\//.test(path.slice(root.length));
    await chmod(path, isProgram ? 0o755 : 0o644);
    files.push(path.slice(root.length));
  }
  return files;
}
