import { join } from 'node:path';

import { cached } from '../cache.js';
import { extractUserland, unwanted, type Userland } from '../userland.js';
import { debianClosure } from './debian.js';
import type { Progress } from './progress.js';

/** Extracts Debian packages into a root folder without running their maintainer scripts. Returns that folder. */
export async function userland(parts: Userland, progress: Progress): Promise<string> {
  const closure = await debianClosure(parts.packages, progress);
  const folder = await cached('userland', { values: { closure, parts, unwanted } }, async (unfinished) => {
    progress(`Debian: extracting ${parts.packages.join(' ')}`);
    await extractUserland(parts, closure, join(unfinished, 'root'));
  });
  return join(folder, 'root');
}
