import { mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { run } from './run.js';

/** A part of a distribution for an image, with busybox for a shell. */
export interface Userland {
  /** These come with their libraries; nothing else of what they depend on does. */
  packages: readonly string[];
  /** Links that a maintainer script would make, and what they point to. */
  links: Readonly<Record<string, string>>;
  /** What else a maintainer script would do, as a script for the finished root. */
  prepare?: string;
  /** A script that must end with 0 in the finished root: it shows that no library is missing. */
  proof: string;
}

/** The list by which Python finds a library, such as Salt's libcrypto; what ldconfig keeps beside it names inodes. */
export const listLibraries = 'ldconfig; rm -r /var/cache/ldconfig';

/** Extracts packages of the folder `closure` into `root` without running their maintainer scripts. */
export async function extractUserland(parts: Userland, closure: string, root: string): Promise<void> {
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
  if (parts.prepare) await runIn(root, parts.prepare);
  await runIn(root, parts.proof);
}

export const unwanted = ['bug', 'doc', 'doc-base', 'info', 'lintian', 'locale', 'man'].map((name) =>
  join('usr/share', name),
);

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

/** With the devices that a container has: Python runs no command without a null device. */
async function runIn(root: string, script: string): Promise<void> {
  const inside = 'mount --bind /dev "$1/dev"; exec chroot "$1" /bin/sh -ec "$2"';
  await mkdir(join(root, 'dev'), { recursive: true });
  await run(['unshare', '--mount', 'sh', '-ec', inside, 'in', root, script]);
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
