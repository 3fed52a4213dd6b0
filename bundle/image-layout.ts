import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import type { Bundle } from '../src/cluster/bundle.js';

/**
 * Lists the images of an OCI layout, sorted by name, and writes each name where containerd looks for it at an import.
 * skopeo and umoci know only the reference name, which is the full image name here.
 */
export async function nameImages(layout: string): Promise<Bundle['images']> {
  const file = join(layout, 'index.json');
  const index = indexSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const manifests = index.manifests
    .map((manifest) => ({ ...manifest, name: manifest.annotations[referenceName] }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  await writeFile(file, JSON.stringify({ ...index, manifests: manifests.map(withContainerdName) }));
  return Promise.all(
    manifests.map(async ({ name, digest, mediaType, size }) => ({
      name,
      digest,
      mediaType,
      size: size + (await referencedBytes(layout, digest)),
    })),
  );
}

const referenceName = 'org.opencontainers.image.ref.name';

const descriptor = z.looseObject({
  mediaType: z.string(),
  digest: z.templateLiteral(['sha256:', z.string().regex(/^[0-9a-f]{64}$/)]),
  size: z.int(),
});
const indexSchema = z.looseObject({
  manifests: z.array(descriptor.extend({ annotations: z.looseObject({ [referenceName]: z.string() }) })),
});
const manifestSchema = z.looseObject({ config: descriptor, layers: z.array(descriptor) });

function withContainerdName({
  name,
  ...manifest
}: z.output<typeof descriptor> & { name: string; annotations: object }) {
  return { ...manifest, annotations: { 'io.containerd.image.name': name, ...manifest.annotations } };
}

async function referencedBytes(layout: string, digest: string): Promise<number> {
  const blob = join(layout, 'blobs', ...digest.split(':'));
  const { config, layers } = manifestSchema.parse(JSON.parse(await readFile(blob, 'utf8')));
  return [config, ...layers].reduce((sum, { size }) => sum + size, 0);
}
