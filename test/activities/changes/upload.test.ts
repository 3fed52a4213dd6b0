import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parcels, upload } from '../../../src/activities/changes/upload.js';
import { localWriter } from './writer.js';

const contents = {
  'bundle.yaml': randomBytes(2000),
  'images/blobs/a': randomBytes(9_000_000),
  empty: Buffer.alloc(0),
  z: randomBytes(5),
};

test('all files arrive, whole', async () => {
  const { writer, change, target } = await prepare();

  await upload.apply(writer, [change]);

  await expectArrived(target);
});

test('it goes on where a broken upload stopped', async () => {
  const { writer, change, target } = await prepare();
  await mkdir(join(target, 'images/blobs'), { recursive: true });
  await writeFile(join(target, 'images/blobs/.a.part'), contents['images/blobs/a'].subarray(0, 5_000_000));
  let sent = 0;
  const counting = {
    ...writer,
    write: (...[what, script, options]: Parameters<typeof writer.write>) => {
      sent += Number(options!.args![3] ?? 0);
      return writer.write(what, script, options);
    },
  };

  await upload.apply(counting, [{ ...change, files: change.files.filter(({ path }) => path === 'images/blobs/a') }]);

  expect(sent).toBe(4_000_000);
  expect((await readFile(join(target, 'images/blobs/a'))).equals(contents['images/blobs/a'])).toBe(true);
});

test('the last file goes when all others have come, since it says so', async () => {
  const { writer, change } = await prepare();
  const begun: string[] = [];
  const ended: string[] = [];
  const watching = {
    ...writer,
    write: async (...[what, script, options]: Parameters<typeof writer.write>) => {
      begun.push(`${what}, after ${ended.length} others`);
      const said = await writer.write(what, script, options);
      ended.push(what);
      return said;
    },
  };

  await upload.apply(watching, [{ ...change, files: change.files.toReversed() }]);

  expect(begun).toEqual([
    'uploading z, after 0 others',
    'uploading images/blobs/a, after 0 others',
    'uploading bundle.yaml, after 2 others',
    expect.stringContaining('to disk, after 3 others'),
  ]);
});

test('a file with another checksum does not get its name', async () => {
  const { writer, change, target } = await prepare();
  const files = [{ ...change.files[0]!, sha256: '0'.repeat(64) }];

  await expect(upload.apply(writer, [{ ...change, files }])).rejects.toThrow(
    /has another sha256 than bundle.yaml says/,
  );

  expect(await readdir(target)).toEqual([]);
});

test('parcels hold each byte that is still to be sent once, in order, and are not too large', () => {
  const file = fc.record({ size: fc.nat(50), had: fc.nat(60) });
  fc.assert(
    fc.property(fc.array(file), fc.integer({ min: 1, max: 20 }), (sizes, limit) => {
      const files = sizes.map((file, i) => ({ ...file, path: String(i), sha256: '' }));

      const sent = [...parcels(files, limit)];

      for (const parcel of sent)
        expect(parcel.reduce((sum, { from, to }) => sum + to - from, 0)).toBeLessThanOrEqual(limit);
      for (const [i, { size, had }] of sizes.entries()) {
        const pieces = sent.flat().filter(({ path }) => path === String(i));
        expect(pieces[0]!.from).toBe(had < size ? had : 0);
        expect(pieces.at(-1)!.to).toBe(size);
        for (const [n, piece] of pieces.slice(1).entries()) expect(piece.from).toBe(pieces[n]!.to);
      }
    }),
  );
});

async function prepare() {
  const writer = await localWriter();
  const source = join(writer.root, 'source');
  const target = join(writer.root, 'target');
  for (const [path, content] of Object.entries(contents)) {
    await mkdir(dirname(join(source, path)), { recursive: true });
    await writeFile(join(source, path), content);
  }
  const files = Object.entries(contents).map(([path, content]) => ({
    path,
    size: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  }));
  return { writer, target, change: { kind: 'upload' as const, source, path: target, files } };
}

/** Compared by themselves: an assertion that could show where 9 MB differ takes minutes. */
async function expectArrived(target: string): Promise<void> {
  for (const [path, content] of Object.entries(contents)) {
    expect((await readFile(join(target, path))).equals(content), path).toBe(true);
  }
  expect(await readdir(join(target, 'images/blobs'))).toEqual(['a']);
}
