import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { downloadPackages } from './apt.js';
import { poolPackages } from './deb-repository.js';
import { archive, imageSettings, makeSkeleton } from './image-root.js';
import { run } from './run.js';
import { extractUserland, listLibraries, type Userland } from './userland.js';

/** Programs that upstream publishes as packages alone; an image of each has the name of its package. */
export const packageImages = {
  keepalived: {
    program: '/usr/sbin/keepalived',
    userland: {
      packages: ['busybox', 'curl', 'keepalived', 'zlib1g'],
      links: {},
      proof: 'keepalived --version; curl --version',
    },
  },
  'salt-master': {
    program: '/usr/bin/salt-master',
    // Salt's own packages bring their Python.
    userland: {
      packages: ['busybox', 'libc-bin', 'openssl', 'salt-common', 'salt-master'],
      links: {},
      // With setproctitle ss shows the path of Python in place of salt-master, which the port table knows.
      prepare: `${listLibraries}; find /opt/saltstack -name 'setproctitle*' -prune -exec rm -r {} +`,
      proof: 'salt-master --version; salt-key --version; openssl version',
    },
  },
} as const satisfies Record<string, { program: string; userland: Userland }>;

export type PackageImage = keyof typeof packageImages;

/** `salt-master=3008.*`: which image, and which package apt is to take for it. */
export function packageImageOf(wanted: string): PackageImage | undefined {
  const name = wanted.replace(/=.*/, '');
  return name in packageImages ? (name as PackageImage) : undefined;
}

/** Adds an image of one layer to `layout`, extracted from packages of `sources`. Returns its name, whose tag is the package's version. */
export async function addPackageImage(layout: string, sources: string, wanted: string): Promise<string> {
  const image = packageImageOf(wanted);
  if (!image) throw new Error(`no image is made of ${wanted}, only of ${Object.keys(packageImages).join(' and ')}`);
  const { program, userland } = packageImages[image];
  const scratch = await mkdtemp(join(tmpdir(), 'temper-image-'));
  try {
    const pool = join(scratch, 'pool');
    await mkdir(pool);
    await downloadPackages(sources, [...userland.packages.filter((name) => name !== image), wanted], pool);
    const root = join(scratch, 'root');
    await makeSkeleton(root);
    await extractUserland(userland, pool, root);
    const name = `temper.internal/${image}:${upstreamPart((await poolPackages(scratch)).get(image) ?? '')}`;
    if (!existsSync(layout)) await run(['umoci', 'init', '--layout', layout]);
    await run(['umoci', 'new', `--image=${layout}:${name}`]);
    const tar = await archive(root, join(scratch, 'layer.tar'));
    await run(['umoci', 'raw', 'add-layer', `--image=${layout}:${name}`, '--no-history', tar]);
    const { path, created } = imageSettings;
    const config = [`--config.entrypoint=${program}`, path, created];
    await run(['umoci', 'config', `--image=${layout}:${name}`, '--no-history', ...config]);
    await run(['umoci', 'gc', '--layout', layout]);
    return name;
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** `1:1.35.0-4+b5` -> `1.35.0`, which is also a valid image tag. */
export function upstreamPart(version: string): string {
  return version.replace(/^\d+:/, '').replace(/[-+].*$/, '');
}
