import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { makeRpmRepository, poolRpms, proveRpmRepository } from '../../bundle/rpm-repository.js';
import { makeRpm } from './make-rpm.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-repository-'));
  await mkdir(join(folder, 'pool'));
  await makeRpm(join(folder, 'pool'), 'tool', '2.0', { epoch: 1, requires: 'part >= 1' });
  await makeRpm(join(folder, 'pool'), 'part', '1.5');
  await makeRpmRepository(folder);
}, 60_000);

afterAll(() => rm(folder, { recursive: true }));

test('dnf installs from it by exact versions, dependencies included', async () => {
  await proveRpmRepository(folder, { tool: '1:2.0-1' });
});

test('dnf refuses a version that it does not hold', async () => {
  await expect(proveRpmRepository(folder, { tool: '1:2.1-1' })).rejects.toThrow('Unable to find a match: tool-1:2.1-1');
});

test.each([
  ['list of packages', 'repodata/primary.xml.gz', /primary.xml.gz - Cannot download/],
  ['list of lists', 'repodata/repomd.xml', /Bad GPG signature|GPG verification/],
  ['package', 'pool/part-1.5-1.x86_64.rpm', /part-1.5-1.*incorrect checksum/],
])('dnf refuses a changed %s', async (_, file, refusal) => {
  const original = await readFile(join(folder, file));
  const changed = Buffer.from(original);
  changed[changed.length - 10]! ^= 1;
  await writeFile(join(folder, file), changed);

  await expect(proveRpmRepository(folder, { tool: '1:2.0-1' })).rejects.toThrow(refusal);

  await writeFile(join(folder, file), original);
});

test('the private key is thrown away', async () => {
  expect((await readdir(folder)).sort()).toEqual(['key.asc', 'pool', 'repodata']);
  expect(await readFile(join(folder, 'key.asc'), 'utf8')).toMatch(/^-----BEGIN PGP PUBLIC KEY BLOCK-----/);
});

test('a pool with one package twice is refused', async () => {
  expect(Object.fromEntries(await poolRpms(folder))).toEqual({ part: '1.5-1', tool: '1:2.0-1' });
  await makeRpm(join(folder, 'pool'), 'part', '1.6');

  await expect(poolRpms(folder)).rejects.toThrow('the pool has part twice: 1.5-1 and 1.6-1');
});
