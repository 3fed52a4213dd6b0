import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { cached, cacheRoot } from '../../bundle/cache.js';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'temper-cache-'));
  vi.stubEnv('TEMPER_CACHE', root);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

test('builds once, also when two ask at the same time', async () => {
  const build = vi.fn(writeAnswer);

  const [one, other] = await Promise.all([cached('thing', inputs, build), cached('thing', inputs, build)]);

  expect(one).toBe(other);
  expect(build).toHaveBeenCalledOnce();
  expect(await readFile(join(one, 'answer'), 'utf8')).toBe('42');
});

test('who waits for another is told so', async () => {
  const told = vi.fn();
  const slow = async (folder: string) => {
    await writeAnswer(folder);
    await vi.waitUntil(() => told.mock.calls.length > 0, { timeout: 30_000 });
  };

  await Promise.all([cached('thing', inputs, slow, told), cached('thing', inputs, slow, told)]);

  expect(told).toHaveBeenCalledOnce();
});

test('a changed input makes another folder and leaves the old one', async () => {
  const old = await cached('thing', inputs, writeAnswer);
  const changed = await cached('thing', { values: { version: 2 } }, writeAnswer);

  expect(changed).not.toBe(old);
  expect(await readdir(old)).toEqual(['answer']);
});

test('a build that throws is not taken for finished, and the next one starts from nothing', async () => {
  const failing = async (folder: string) => {
    await writeFile(join(folder, 'half'), '');
    throw new Error('no space left');
  };
  await expect(cached('thing', inputs, failing)).rejects.toThrow('no space left');

  expect(await readdir(await cached('thing', inputs, writeAnswer))).toEqual(['answer']);
});

test('what killed builds left is removed, but only of the same kind', async () => {
  const left = (kind: string) => `${kind}-0123456789abcdef.4711.unfinished`;
  for (const kind of ['thing', 'thing-two']) await mkdir(join(root, left(kind)));

  await cached('thing', inputs, writeAnswer);

  const folders = await readdir(root);
  expect(folders).toContain(left('thing-two'));
  expect(folders).not.toContain(left('thing'));
});

const inputs = { values: { version: 1 } };

async function writeAnswer(folder: string): Promise<void> {
  await writeFile(join(folder, 'answer'), '42');
}

test('takes a variable that is empty for one that is not set', () => {
  vi.stubEnv('TEMPER_CACHE', '');
  vi.stubEnv('XDG_CACHE_HOME', '');

  expect(cacheRoot()).toBe(join(homedir(), '.cache/temper'));
});
