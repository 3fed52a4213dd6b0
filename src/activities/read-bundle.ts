import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyBundle } from '../../bundle/verify.js';
import { parseBundle } from '../cluster/bundle.js';
import type { BundleSummary } from '../cluster/bundle.js';
import { TemperError } from '../cluster/errors.js';

/** Reads the bundle on the worker's disk, all of it: a broken one is found before any host is touched. Throws BUNDLE_INVALID. */
export async function readBundle({ folder }: { folder: string }): Promise<BundleSummary> {
  const problems = await verifyBundle(folder);
  if (problems.length > 0) {
    const message = problems.map(({ file, problem }) => `${join(folder, file)}: ${problem}`).join('; ');
    throw new TemperError('BUNDLE_INVALID', message, { hint: `temper bundle verify ${folder}` });
  }
  const { bundle } = parseBundle(await readFile(join(folder, 'bundle.yaml')), 'bundle.yaml');
  const { files: _, ...summary } = bundle!;
  return summary;
}
