import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { absent } from '../../../src/activities/changes/absent.js';
import { directory } from '../../../src/activities/changes/directory.js';
import { writeFiles } from '../../../src/activities/changes/write-files.js';
import { localWriter } from './writer.js';

test('files get their content and mode, folders on the way are 0755', async () => {
  const writer = await localWriter();
  const contents = ['', 'one\n', 'ünï\0code without an end', 'x'.repeat(300_000)];
  const files = contents.map((content, i) => ({
    path: join(writer.root, `a/b/${i}`),
    mode: i % 2 ? '0600' : '0644',
    content,
  }));

  await writeFiles(writer, 'writing', files);

  for (const { path, mode, content } of files) {
    expect(await readFile(path, 'utf8')).toBe(content);
    expect(((await stat(path)).mode & 0o7777).toString(8)).toBe(mode.slice(1));
  }
  expect((await stat(join(writer.root, 'a/b'))).mode & 0o777).toBe(0o755);
  expect(await readdir(join(writer.root, 'a/b'))).toHaveLength(files.length);
});

test('a file is replaced with its mode, never changed in place', async () => {
  const writer = await localWriter();
  const path = join(writer.root, 'key');
  await writeFile(path, 'old');
  await chmod(path, 0o666);
  const { ino } = await stat(path);

  await writeFiles(writer, 'writing', [{ path, mode: '0600', content: 'new' }]);

  expect(await readFile(path, 'utf8')).toBe('new');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(path)).ino).not.toBe(ino);
});

test('what was made once is left alone, and half of a pair is made anew', async () => {
  const writer = await localWriter();
  const pair = (base: string, content: string) => {
    const paths = ['key', 'crt'].map((end) => join(writer.root, `${base}.${end}`));
    return paths.map((path) => ({ path, mode: '0600', content, unless: paths }));
  };
  await writeFiles(writer, 'writing', [
    ...pair('whole', 'first'),
    pair('first-half', 'first')[0]!,
    pair('second-half', 'first')[1]!,
  ]);

  await writeFiles(
    writer,
    'writing',
    ['whole', 'first-half', 'second-half'].flatMap((name) => pair(name, 'second')),
  );

  const read = (name: string) => readFile(join(writer.root, name), 'utf8');
  const halves = ['first-half.key', 'first-half.crt', 'second-half.key', 'second-half.crt'];
  expect(await Promise.all(['whole.key', 'whole.crt'].map(read))).toEqual(['first', 'first']);
  expect(await Promise.all(halves.map(read))).toEqual(halves.map(() => 'second'));
});

test('directories and removals can be applied twice', async () => {
  const writer = await localWriter();
  const made = { kind: 'directory' as const, path: join(writer.root, 'x/y'), mode: '0700' };
  const file = join(writer.root, 'file');
  await writeFile(file, '');
  await mkdir(join(writer.root, 'empty'));
  const removed = [file, join(writer.root, 'empty')].map((path) => ({ kind: 'absent' as const, path }));

  for (let times = 0; times < 2; times++) {
    await directory.apply(writer, [made]);
    await absent.apply(writer, removed);
  }

  expect((await stat(made.path)).mode & 0o777).toBe(0o700);
  expect((await readdir(writer.root)).sort()).toEqual(['run', 'var', 'x']);
});
