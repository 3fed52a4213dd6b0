import { mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { cached } from '../cache.js';
import { run } from '../run.js';
import { debianClosure } from './debian.js';
import type { Progress } from './progress.js';

/** A part of Debian for an image, with busybox for a shell. */
export interface Userland {
  /** These come with their libraries; nothing else of what they depend on does. */
  packages: readonly string[];
  /** Links that a maintainer script would make, and what they point to. */
  links: Readonly<Record<string, string>>;
  /** A script that must end with 0 in the finished root: it shows that no library is missing. */
  proof: string;
}

/** Extracts Debian packages into a root folder without running their maintainer scripts. Returns that folder. */
export async function userland(parts: Userland, progress: Progress): Promise<string> {
  const closure = await debianClosure(parts.packages, progress);
  const folder = await cached('userland', { values: { closure, parts, unwanted } }, async (unfinished) => {
    progress(`Debian: extracting ${parts.packages.join(' ')}`);
    const root = join(unfinished, 'root');
    await mergeUsr(root);
    for (const file of (await readdir(closure)).sort()) {
      if (!isWanted(file, parts)) continue;
      // dpkg-deb --extract would replace the links of the merged /usr by folders.
      const script = 'dpkg-deb --fsys-tarfile "$1" | tar --extract --keep-directory-symlink --directory "$2"';
      await run(['bash', '-euo', 'pipefail', '-c', script, 'extract', join(closure, file), root]);
    }
    for (const path of unwanted) await rm(join(root, path), { recursive: true, force: true });
    for (const [link, target] of Object.entries(parts.links)) await symlink(target, join(root, link));
    await linkApplets(root);
    await run(['chroot', root, '/bin/sh', '-ec', parts.proof]);
  });
  return join(folder, 'root');
}

const unwanted = ['bug', 'doc', 'doc-base', 'info', 'lintian', 'locale', 'man'].map((name) => join('usr/share', name));

function isWanted(file: string, { packages }: Userland): boolean {
  const name = file.slice(0, file.indexOf('_'));
  return packages.includes(name) || name.startsWith('lib');
}

async function mergeUsr(root: string): Promise<void> {
  for (const name of ['bin', 'lib', 'lib64', 'sbin']) {
    await mkdir(join(root, 'usr', name), { recursive: true });
    await symlink(join('usr', name), join(root, name));
  }
}

/** Busybox stands in for each command that no other package brought. */
async function linkApplets(root: string): Promise<void> {
  const applets = (await run(['chroot', root, '/bin/busybox', '--list-full'])).trim().split('\n');
  const taken = new Set([...(await readdir(join(root, 'bin'))), ...(await readdir(join(root, 'sbin')))]);
  for (const applet of applets) {
    const name = applet.slice(applet.lastIndexOf('/') + 1);
    if (!taken.has(name)) await symlink('/bin/busybox', join(root, 'usr/bin', name));
  }
}
