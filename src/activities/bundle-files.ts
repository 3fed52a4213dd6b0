import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseBundle, type Bundle } from '../cluster/bundle.js';

/** What a bundle on the worker's disk lists, and size and sha256 of bundle.yaml itself. The bundle was found whole before (read-bundle.ts). */
export async function bundleFiles(folder: string): Promise<{ files: Bundle['files']; size: number; sha256: string }> {
  const index = await readFile(join(folder, 'bundle.yaml'));
  const { files } = parseBundle(index, 'bundle.yaml').bundle!;
  return { files, size: index.length, sha256: createHash('sha256').update(index).digest('hex') };
}

export async function bundleText(folder: string, path: string): Promise<string> {
  return readFile(join(folder, path), 'utf8');
}
