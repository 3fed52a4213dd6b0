import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { makeDebRepository, poolPackages, proveDebRepository } from '../../bundle/deb-repository.js';
import { run } from '../../bundle/run.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-repository-'));
  await makeDeb('tool', '1:2.0-1', 'Depends: part (>= 1)\n');
  await makeDeb('part', '1.5', '');
  await makeDebRepository(folder);
}, 60_000);

afterAll(() => rm(folder, { recursive: true }));

test('apt installs from it by exact versions, dependencies included', async () => {
  await proveDebRepository(folder, { tool: '1:2.0-1' });
});

test('apt refuses a version that it does not hold', async () => {
  await expect(proveDebRepository(folder, { tool: '1:2.1-1' })).rejects.toThrow(
    /Version '1:2.1-1' for 'tool' was not found/,
  );
});

test('apt refuses a changed list of packages', async () => {
  const packages = join(folder, 'dists/temper/main/binary-amd64/Packages');
  const original = await readFile(packages);
  await rm(`${packages}.gz`);
  await writeFile(packages, String(original).replace('1.5', '1.6'));

  await expect(proveDebRepository(folder, { part: '1.6' })).rejects.toThrow(/Hash Sum mismatch/);

  await writeFile(packages, original);
});

test('apt refuses a changed Release', async () => {
  const release = join(folder, 'dists/temper/InRelease');
  const original = await readFile(release, 'utf8');
  await writeFile(release, original.replace('Label: Temper', 'Label: Tamper'));

  await expect(proveDebRepository(folder, { part: '1.5' })).rejects.toThrow(/BADSIG|not signed|invalid/);

  await writeFile(release, original);
});

test('the private key is thrown away and the public one is there in both forms', async () => {
  expect((await readdir(folder)).sort()).toEqual(['dists', 'key.asc', 'key.gpg', 'pool']);
  expect(await readFile(join(folder, 'key.asc'), 'utf8')).toMatch(/^-----BEGIN PGP PUBLIC KEY BLOCK-----/);
});

test('a pool with one package twice is refused', async () => {
  expect(Object.fromEntries(await poolPackages(folder))).toEqual({ part: '1.5', tool: '1:2.0-1' });
  await makeDeb('part', '1.6', '');

  await expect(poolPackages(folder)).rejects.toThrow('the pool has part twice: 1.5 and 1.6');
});

async function makeDeb(name: string, version: string, relations: string): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'temper-deb-'));
  const about = `Package: ${name}\nVersion: ${version}\nArchitecture: amd64\nMaintainer: Nobody <nobody@localhost>\n`;
  await mkdir(join(root, 'DEBIAN'));
  await writeFile(join(root, 'DEBIAN/control'), `${about}${relations}Description: a test\n`);
  await mkdir(join(folder, 'pool'), { recursive: true });
  await run(['dpkg-deb', '--build', '--root-owner-group', root, join(folder, 'pool')]);
  await rm(root, { recursive: true });
}
