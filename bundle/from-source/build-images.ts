import { cp, link, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { cached } from '../cache.js';
import { archive, imageSettings, makeSkeleton, skeleton } from '../image-root.js';
import { run } from '../run.js';
import { asItIs } from './build-packages.js';
import { builtLayers, type Image, type LayerFiles, userlands } from './images.js';
import { type Progress, stopwatch } from './progress.js';
import { userland } from './userland.js';

/** Makes an OCI image layout of `images`. `builds` names the folder of each finished build. Returns the folder of the layout. */
export async function buildImages(
  images: Image[],
  builds: Record<string, string>,
  progress: Progress,
): Promise<string> {
  const roots = await buildUserlands(progress);
  const folder = await cached(
    'images',
    { values: { images, builtLayers, builds, roots, skeleton, imageSettings } },
    async (unfinished) => {
      const layout = join(unfinished, 'images');
      const scratch = join(unfinished, 'scratch');
      const tar = new Map<string, string>();
      for (const name of new Set(images.flatMap((image) => image.layers))) {
        const root = roots[name] ?? join(scratch, name);
        if (name === 'skeleton') await makeSkeleton(root);
        await linkFiles(builtLayers[name] ?? {}, root, builds);
        tar.set(name, await archive(root, join(scratch, `${name}.tar`)));
      }
      await assemble(layout, images, tar, progress);
      await rm(scratch, { recursive: true });
    },
  );
  return join(folder, 'images');
}

async function buildUserlands(progress: Progress): Promise<Record<string, string>> {
  const roots: Record<string, string> = {};
  for (const [name, parts] of Object.entries(userlands)) roots[name] = await userland(parts, progress);
  return roots;
}

/** Files that come from one and the same file become hard links of one copy. */
async function linkFiles(files: LayerFiles, root: string, builds: Record<string, string>): Promise<void> {
  const copies = new Map<string, string>();
  for (const [target, [build, file]] of Object.entries(files)) {
    const source = join(builds[build] ?? '', file);
    const copy = copies.get(source);
    await mkdir(dirname(join(root, target)), { recursive: true });
    if (copy) await link(copy, join(root, target));
    else await cp(source, join(root, target), asItIs);
    copies.set(source, copy ?? join(root, target));
  }
}

async function assemble(layout: string, images: Image[], tar: Map<string, string>, progress: Progress): Promise<void> {
  const watch = stopwatch('images: assembling', progress, images.length);
  await run(['umoci', 'init', '--layout', layout]);
  // Images that begin with the same layers continue the same unfinished image, so each layer is compressed once.
  const stacks = new Set<string>();
  for (const { name, layers: stack, entrypoint = [], command = [], user } of images) {
    const base = await stacked(layout, stack, tar, stacks);
    const config = [
      ...entrypoint.map((word) => `--config.entrypoint=${word}`),
      ...command.map((word) => `--config.cmd=${word}`),
      imageSettings.path,
    ];
    if (user) config.push(`--config.user=${user}`);
    await run([
      'umoci',
      'config',
      `--image=${layout}:${base}`,
      `--tag=${name}`,
      '--no-history',
      imageSettings.created,
      ...config,
    ]);
    watch.step();
  }
  for (const base of stacks) await run(['umoci', 'remove', `--image=${layout}:${base}`]);
  await run(['umoci', 'gc', '--layout', layout]);
  watch.stop();
}

async function stacked(
  layout: string,
  stack: string[],
  tar: Map<string, string>,
  stacks: Set<string>,
): Promise<string> {
  const tag = ['stack', ...stack].join('-');
  if (stacks.has(tag)) return tag;
  const top = stack.at(-1);
  if (top === undefined) {
    await run(['umoci', 'new', `--image=${layout}:${tag}`]);
  } else {
    const below = await stacked(layout, stack.slice(0, -1), tar, stacks);
    const image = [`--image=${layout}:${below}`, `--tag=${tag}`, '--no-history'];
    await run(['umoci', 'raw', 'add-layer', ...image, tar.get(top) ?? '']);
  }
  stacks.add(tag);
  return tag;
}
