import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyBundle } from '../../bundle/verify.js';
import { parseBundle } from '../cluster/bundle.js';
import type { BundleSummary } from '../cluster/bundle.js';
import { TemperError } from '../cluster/errors.js';

/** What the bundle on the worker's disk says that it is. Throws BUNDLE_INVALID. */
export async function readBundle({ folder }: { folder: string }): Promise<BundleSummary> {
  const content = await readFile(join(folder, 'bundle.yaml')).catch(() => undefined);
  const { bundle } = content ? parseBundle(content, 'bundle.yaml') : {};
  // Throws, and says what is wrong with it.
  if (!bundle) await verifyWholeBundle({ folder });
  const { files, ...summary } = bundle!;
  return summary;
}

/** Reads all of it: a broken one is found before any host is touched. Throws BUNDLE_INVALID. */
export async function verifyWholeBundle({ folder }: { folder: string }): Promise<void> {
  const seen = await fingerprint(folder);
  const problems = whole.has(seen) ? [] : await verifyBundle(folder);
  if (problems.length > 0) {
    const shown = problems.slice(0, 3).map(({ file, problem }) => `${join(folder, file)}: ${problem}`);
    const more = problems.length - shown.length;
    const message = [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
    throw new TemperError('BUNDLE_INVALID', message, { hint: `temper bundle verify ${folder}` });
  }
  whole.add(seen);
}

/** Fingerprints of bundles that this process has read in full and found whole: hundreds of MiB, which a re-run need not read again. */
const whole = new Set<string>();

async function fingerprint(folder: string): Promise<string> {
  const paths = (await readdir(folder, { recursive: true }).catch(() => [])).sort();
  const files = await Promise.all(paths.map((path) => stat(join(folder, path))));
  return JSON.stringify([folder, paths.map((path, index) => [path, files[index]!.size, files[index]!.ctimeMs])]);
}
