import { expect, test } from 'vitest';
import type { FileChange } from '../../../src/activities/changes/change.js';
import { startRegistry, type Registry } from '../../../src/activities/steps/start-registry.js';

const index = 'application/vnd.oci.image.index.v1+json';
const manifest = 'application/vnd.oci.image.manifest.v1+json';
const registry: Registry = {
  address: '10.0.0.11',
  port: 8443,
  nginx: 'docker.io/library/nginx:1.22.1',
  images: [{ name: 'registry.k8s.io/pause:3.10.2', digest: `sha256:${'a'.repeat(64)}`, mediaType: manifest }],
  probes: [],
};

test('serves an index as an index, and the manifests below it as manifests', () => {
  const images: Registry['images'] = [
    { name: 'registry.k8s.io/pause:3.10.2', digest: `sha256:${'b'.repeat(64)}`, mediaType: index },
  ];

  const config = configOf({ ...registry, images });

  expect(config).toContain('default manifest-0;');
  expect(config).toContain(`${'b'.repeat(64)} manifest-1;`);
  expect(config).toMatch(new RegExp(`manifest-1/[^}]+default_type ${index.replace('+', '\\+')};`));
});

test('names a digest once although two tags share it, which nginx would refuse otherwise', () => {
  const image = { ...registry.images[0]!, mediaType: index };

  const config = configOf({ ...registry, images: [image, { ...image, name: 'registry.k8s.io/pause:latest' }] });

  expect(config.match(/a{64} manifest-1;/g)).toHaveLength(1);
  expect(config).toContain('{"name":"pause","tags":["3.10.2","latest"]}');
});

test('makes another pod when the configuration changes', () => {
  expect(manifestOf(registry)).not.toBe(manifestOf({ ...registry, images: [] }));
});

function configOf(input: Registry): string {
  return filesOf(input)[0]!.content;
}

function manifestOf(input: Registry): string {
  return filesOf(input)[1]!.content;
}

function filesOf(input: Registry): FileChange[] {
  return startRegistry.plan(input, {}).filter((change) => change.kind === 'file');
}
