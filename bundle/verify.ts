import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Bundle, parseBundle } from '../src/cluster/bundle.js';
import { repositoryIndexes } from '../src/cluster/packages.js';
import { listFiles, measure } from './describe.js';

/** One thing that is wrong with a bundle. `file` is relative to its folder; in bundle.yaml with line and column. */
export interface Finding {
  file: string;
  problem: string;
}

/** Compares a bundle with its bundle.yaml, byte for byte. Empty when it is whole; everything that is wrong is found at once. */
export async function verifyBundle(folder: string): Promise<Finding[]> {
  const content = await readFile(join(folder, 'bundle.yaml')).catch(() => undefined);
  if (!content) return [{ file: 'bundle.yaml', problem: `is missing: ${folder} is not a bundle` }];
  const { bundle, findings } = parseBundle(content, 'bundle.yaml');
  if (!bundle) {
    return findings.map(({ file, line, column, message, hint }) => ({
      file: `${file}:${line}:${column}`,
      problem: hint ? `${message} (${hint})` : message,
    }));
  }
  const problems = [...danglingReferences(bundle)];
  for (const file of bundle.files) problems.push(...(await compare(folder, file)));
  const listed = new Set(bundle.files.map(({ path }) => path));
  for (const path of await listFiles(folder)) {
    if (!listed.has(path)) problems.push({ file: path, problem: 'is not listed in bundle.yaml' });
  }
  return problems;
}

/** Files that bundle.yaml speaks of but does not list. */
function danglingReferences({ packages, images, manifests, files }: Bundle): Finding[] {
  const listed = new Set(files.map(({ path }) => path));
  const blobs = images.map(({ digest }) => `images/blobs/${digest.replace(':', '/')}`);
  const keys = [packages.deb.key, ...(packages.rpm ? [packages.rpm.key, 'packages/rpm/repodata/repomd.xml.asc'] : [])];
  const repositories = [...keys, ...repositoryIndexes(packages)];
  return ['images/oci-layout', 'images/index.json', ...blobs, ...repositories, ...Object.values(manifests)]
    .filter((path) => !listed.has(path))
    .map((path) => ({ file: path, problem: 'is needed but not listed in bundle.yaml' }));
}

async function compare(folder: string, expected: Bundle['files'][number]): Promise<Finding[]> {
  const { path: file, size, sha256 } = expected;
  const info = await lstat(join(folder, file)).catch(() => undefined);
  if (!info) return [{ file, problem: 'is missing' }];
  if (!info.isFile()) return [{ file, problem: 'is not a regular file' }];
  if (info.size !== size) return [{ file, problem: `has ${info.size} bytes, not ${size}` }];
  const seen = (await measure(join(folder, file))).sha256;
  return seen === sha256 ? [] : [{ file, problem: `has sha256 ${seen}, not ${sha256}` }];
}
