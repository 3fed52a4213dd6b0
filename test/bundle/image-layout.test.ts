import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { nameImages } from '../../bundle/image-layout.js';
import { run } from '../../bundle/run.js';

let layout: string;

beforeEach(async () => {
  layout = join(await mkdtemp(join(tmpdir(), 'temper-layout-')), 'images');
  await run(['umoci', 'init', `--layout=${layout}`]);
  for (const name of ['registry.k8s.io/pause:3.10.2', 'docker.io/library/nginx:1']) {
    await run(['umoci', 'new', `--image=${layout}:${name}`]);
  }
});

afterEach(() => rm(join(layout, '..'), { recursive: true }));

test('lists the images by name with the bytes of all their blobs', async () => {
  const images = await nameImages(layout);

  expect(images.map(({ name }) => name)).toEqual(['docker.io/library/nginx:1', 'registry.k8s.io/pause:3.10.2']);
  for (const { digest, mediaType, size } of images) {
    const manifest = await readFile(join(layout, 'blobs', digest.replace(':', '/')), 'utf8');
    expect(mediaType).toBe('application/vnd.oci.image.manifest.v1+json');
    expect(size).toBe(manifest.length + JSON.parse(manifest).config.size);
  }
});

test('writes the name where containerd and where skopeo look for it', async () => {
  await nameImages(layout);

  const { manifests } = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8'));
  expect(manifests[1].annotations).toEqual({
    'io.containerd.image.name': 'registry.k8s.io/pause:3.10.2',
    'org.opencontainers.image.ref.name': 'registry.k8s.io/pause:3.10.2',
  });
  const inspected = JSON.parse(await run(['skopeo', 'inspect', `oci:${layout}:registry.k8s.io/pause:3.10.2`]));
  expect(inspected.Os).toBe('linux');
});

test('naming twice changes nothing', async () => {
  const first = await nameImages(layout);
  const index = await readFile(join(layout, 'index.json'), 'utf8');

  expect(await nameImages(layout)).toEqual(first);
  expect(await readFile(join(layout, 'index.json'), 'utf8')).toBe(index);
});
