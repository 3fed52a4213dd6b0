import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, relative, resolve } from 'node:path';

/**
 * Returns the folder that holds `kind` made from `inputs`; makes it with `build` when it is missing.
 *
 * The key is the content of `inputs`, so a changed input makes a new folder and never touches the old one. Two processes that ask at once
 * build once: the second waits, and `onWait` tells it so. A build that is killed leaves nothing that is taken for finished, because only the final rename publishes it.
 */
export async function cached(
  kind: string,
  inputs: CacheInputs,
  build: (folder: string) => Promise<void>,
  onWait?: () => void,
): Promise<string> {
  const folder = await cachePath(kind, inputs);
  if (await exists(folder)) return markUsed(folder);
  const work = async () => {
    if (await exists(folder)) return folder;
    await removeUnfinished(kind);
    // Named after this process, because what a killed build left running may still write into that build's folder.
    const unfinished = `${folder}.${process.pid}.unfinished`;
    await mkdir(unfinished, { recursive: true });
    await build(unfinished);
    await rename(unfinished, folder);
    return folder;
  };
  return withLock(`${kind}.lock`, work, onWait);
}

/** Everything that decides what is built: literal values, and files or folders whose content counts. */
export interface CacheInputs {
  values?: Record<string, unknown>;
  paths?: string[];
}

/** The folder where `cached` keeps `kind` for these inputs, whether it exists or not. */
export async function cachePath(kind: string, inputs: CacheInputs): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(inputs.values ?? {}));
  for (const path of inputs.paths ?? []) await hashTree(hash, path, path);
  return join(cacheRoot(), `${kind}-${hash.digest('hex').slice(0, 16)}`);
}

/** `$TEMPER_CACHE`, else `$XDG_CACHE_HOME/temper`, else `~/.cache/temper`. */
export function cacheRoot(): string {
  return process.env.TEMPER_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'temper');
}

/**
 * Runs `work` while no other process on this machine holds `name` (a file in the cache, or an absolute path). The kernel frees the lock when
 * this process dies, however it dies. `onWait` is called once when another process holds the lock for more than a moment.
 */
export async function withLock<T>(name: string, work: () => Promise<T>, onWait: () => void = () => {}): Promise<T> {
  await mkdir(cacheRoot(), { recursive: true });
  // flock(1) holds the lock for as long as `cat` waits for our end of the pipe.
  const holder = spawn('flock', ['--exclusive', resolve(cacheRoot(), name), 'sh', '-c', 'echo locked; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const patience = setTimeout(onWait, 1000);
  try {
    await new Promise<void>((resolve, reject) => {
      holder.stdout.once('data', () => resolve());
      holder.once('error', reject);
      holder.once('exit', (code) => reject(new Error(`flock ${name} ended with ${code}`)));
    }).finally(() => clearTimeout(patience));
    return await work();
  } finally {
    holder.removeAllListeners('exit');
    holder.stdin.end();
  }
}

/** Removes what killed builds of `kind` left. Some had file systems mounted in it: these are not entered, and then the folder stays. */
async function removeUnfinished(kind: string): Promise<void> {
  const pattern = new RegExp(`^${kind}-[0-9a-f]{16}\\.\\d+\\.unfinished$`);
  const left = (await readdir(cacheRoot())).filter((name) => pattern.test(name));
  const rm = spawn('rm', ['-rf', '--one-file-system', '--', ...left], { cwd: cacheRoot(), stdio: 'ignore' });
  await new Promise((resolve) => rm.once('close', resolve));
}

async function hashTree(hash: ReturnType<typeof createHash>, root: string, path: string): Promise<void> {
  const info = await stat(path);
  if (info.isDirectory()) {
    for (const entry of (await readdir(path)).sort()) await hashTree(hash, root, join(path, entry));
    return;
  }
  hash.update(`\0${relative(root, path)}\0`).update(await readFile(path));
}

/** The folder's time is when it was last wanted, so that a clean-up can remove what nobody asks for any more. */
async function markUsed(folder: string): Promise<string> {
  const now = new Date();
  await utimes(folder, now, now);
  return folder;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
