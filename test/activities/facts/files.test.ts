import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFacts } from '../../../src/activities/facts/create-facts.js';
import { localDoor } from '../../host/local-door.js';

test('files, folders and links are told apart, with mode, owner, size and checksum', async () => {
  const { root, facts } = await prepare();

  expect(await facts.file(join(root, 'file'))).toEqual({
    type: 'file',
    mode: '0640',
    owner: 'root',
    group: 'root',
    size: 6,
    sha256: '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03',
  });
  expect(await facts.file(join(root, 'empty file'))).toMatchObject({ type: 'file', size: 0 });
  expect(await facts.file(join(root, 'folder'))).toMatchObject({ type: 'directory', mode: '1755' });
  expect(await facts.file(join(root, 'link'))).toMatchObject({ type: 'link' });
  expect(await facts.file(join(root, 'pipe'))).toMatchObject({ type: 'other' });
  expect(await facts.file(join(root, 'nothing'))).toBeUndefined();
});

test('texts come as they are; what is no small file has none', async () => {
  const { root, facts } = await prepare();
  await writeFile(join(root, 'large'), Buffer.alloc(1024 * 1024));

  const names = ['file', 'empty file', 'link', 'folder', 'nothing', 'large'];
  const texts = await Promise.all(names.map((name) => facts.text(join(root, name))));

  expect(texts).toEqual(['hello\n', '', 'hello\n', undefined, undefined, undefined]);
});

test('folders list all names, sorted', async () => {
  const { root, facts } = await prepare();
  await writeFile(join(root, 'folder/b c'), '');
  await writeFile(join(root, 'folder/.a'), '');
  await mkdir(join(root, 'void'));

  expect(await facts.folder(join(root, 'folder'))).toEqual(['.a', 'b c']);
  expect(await facts.folder(join(root, 'void'))).toEqual([]);
  expect(await facts.folder(join(root, 'file'))).toBeUndefined();
});

test('what is asked in the same moment is asked at once, and only once', async () => {
  const { root, facts, asked } = await prepare();
  const paths = Array.from({ length: 300 }, (_, i) => join(root, String(i)));

  await Promise.all([...paths, ...paths].map((path) => facts.file(path)));
  await facts.file(paths[0]!);
  await Promise.all([facts.text(paths[0]!), facts.certificate(paths[1]!)]);

  expect(asked()).toBe(3);
});

test('kernel settings are read where the kernel has them', async () => {
  const { facts } = await prepare();

  expect(await facts.sysctl('kernel.ostype')).toBe('Linux');
  expect(await facts.sysctl('net.ipv4.ip_local_port_range')).toMatch(/^\d+ \d+$/);
  expect(await facts.sysctl('no.such.key')).toBeUndefined();
  expect(await facts.module('no_such_module')).toBe(false);
});

async function prepare() {
  const { root, run, asked } = await localDoor();
  await writeFile(join(root, 'file'), 'hello\n');
  await chmod(join(root, 'file'), 0o640);
  await writeFile(join(root, 'empty file'), '');
  await mkdir(join(root, 'folder'));
  await chmod(join(root, 'folder'), 0o1755);
  await symlink('file', join(root, 'link'));
  execFileSync('mkfifo', [join(root, 'pipe')]);
  return { root, facts: createFacts(run), asked };
}
