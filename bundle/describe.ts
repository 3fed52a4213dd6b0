import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { stringify } from 'yaml';

import { type Bundle, bundleSchema } from '../src/cluster/bundle.js';

/** Writes bundle.yaml: what the maker of the bundle says of it, and every file with its checksum. */
export async function describeBundle(
  folder: string,
  contents: Omit<Bundle, 'apiVersion' | 'kind' | 'files'>,
): Promise<void> {
  const files = await Promise.all(
    (await listFiles(folder)).map(async (path) => ({ path, ...(await measure(join(folder, path))) })),
  );
  const bundle = bundleSchema.parse({ apiVersion: 'temper/v1alpha1', kind: 'Bundle', ...contents, files });
  await writeFile(join(folder, 'bundle.yaml'), stringify(bundle, { lineWidth: 0, aliasDuplicateObjects: false }));
}

/** Every file of a bundle but bundle.yaml, as sorted paths relative to its folder. Links count: a bundle has none. */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => path !== 'bundle.yaml')
    .sort();
}

/** Size and checksum of one file, read in pieces. */
export async function measure(path: string): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  const { size } = await stat(path);
  await pipeline(createReadStream(path), hash);
  return { size, sha256: hash.digest('hex') };
}
