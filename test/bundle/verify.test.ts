import { appendFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { describeBundle } from '../../bundle/describe.js';
import { verifyBundle } from '../../bundle/verify.js';

const digest = 'a'.repeat(64);
const blob = `images/blobs/sha256/${digest}`;
const manifest = 'manifests/flannel.yaml';
const signature = 'packages/rpm/repodata/repomd.xml.asc';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-bundle-'));
  await put('images/oci-layout', '{"imageLayoutVersion":"1.0.0"}');
  await put('images/index.json', '{"manifests":[]}');
  await put(`images/blobs/sha256/${digest}`, 'manifest');
  await put('packages/deb/key.asc', 'key');
  await put('packages/deb/dists/temper/InRelease', 'release');
  for (const file of ['key.asc', 'repodata/repomd.xml', 'repodata/repomd.xml.asc'])
    await put(`packages/rpm/${file}`, file);
  await put('manifests/flannel.yaml', 'kind: Namespace\n');
  await describeBundle(folder, {
    kubernetesVersion: 'v1.36.3',
    versions: { kubernetes: 'v1.36.3' },
    cni: ['flannel'],
    packages: {
      deb: {
        suite: 'temper',
        component: 'main',
        architecture: 'amd64',
        key: 'packages/deb/key.asc',
        install: { kubelet: '1.36.3-1.1' },
      },
      rpm: { key: 'packages/rpm/key.asc', install: { kubelet: '1.36.3-1' } },
    },
    images: [{ name: 'registry.k8s.io/pause:3.10.2', digest: `sha256:${digest}`, mediaType: 'manifest', size: 8 }],
    manifests: { flannel: 'manifests/flannel.yaml' },
  });
});

afterEach(() => rm(folder, { recursive: true }));

test('finds nothing in a bundle that is whole', async () => {
  expect(await verifyBundle(folder)).toEqual([]);
});

test.each<[string, () => Promise<void>, string, RegExp]>([
  ['a missing file', () => rm(join(folder, manifest)), manifest, /^is missing$/],
  ['a file that grew', () => appendFile(join(folder, manifest), '\n'), manifest, /^has 17 bytes, not 16$/],
  ['a changed byte', () => put(manifest, 'kind: namespace\n'), manifest, /^has sha256 [0-9a-f]{64}, not [0-9a-f]{64}$/],
  ['a file that nobody listed', () => put('images/extra', ''), 'images/extra', /^is not listed in bundle.yaml$/],
  ['a link', () => replaceByLink(), manifest, /^is not a regular file$/],
  ['no bundle.yaml', () => rm(join(folder, 'bundle.yaml')), 'bundle.yaml', /^is missing: .* is not a bundle$/],
  ['an unknown key', () => edit(/^images:/m, 'image:'), 'bundle.yaml:20:1', /did you mean images/],
  ['a short checksum', () => edit(/sha256: \w/, 'sha256: '), 'bundle.yaml:30:13', /must be 64 hexadecimal digits/],
  ['a path outside', () => edit(/path: manifests/, 'path: ../manifests'), 'bundle.yaml:37:11', /inside the bundle/],
  [
    'a repository without its signature',
    () => edit(/repomd.xml.asc/, 'repomd.asc'),
    signature,
    /is needed but not listed/,
  ],
  ['an image without its blob', () => edit(/blobs\/sha256/, 'blobs/sha512'), blob, /is needed but not listed/],
])('names %s and the file', async (_, damage, file, problem) => {
  await damage();

  expect(await verifyBundle(folder)).toContainEqual({ file, problem: expect.stringMatching(problem) });
});

async function put(path: string, content: string): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), content);
}

async function edit(pattern: RegExp, replacement: string): Promise<void> {
  const path = join(folder, 'bundle.yaml');
  await writeFile(path, (await readFile(path, 'utf8')).replace(pattern, replacement));
}

async function replaceByLink(): Promise<void> {
  await rm(join(folder, manifest));
  await symlink('/etc/hostname', join(folder, manifest));
}
