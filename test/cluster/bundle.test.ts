import { stringify } from 'yaml';
import { describe, expect, test } from 'vitest';

import { parseBundle } from '../../src/cluster/bundle.js';

const whole = {
  apiVersion: 'temper/v1alpha1',
  kind: 'Bundle',
  kubernetesVersion: 'v1.36.3',
  versions: { etcd: '3.6.8-0' },
  cni: ['flannel'],
  packages: {
    deb: { suite: 'temper', component: 'main', architecture: 'amd64', key: 'packages/deb/key.asc', install: {} },
  },
  images: [image('registry.k8s.io/pause:3.10.2'), image('registry.k8s.io/etcd:3.6.8-0')],
  manifests: { flannel: 'manifests/flannel.yaml' },
  files: [{ path: 'images/index.json', size: 2, sha256: 'b'.repeat(64) }],
};

test('reads a bundle.yaml, with packages for RHEL and without', () => {
  const both = { ...whole, packages: { ...whole.packages, rpm: { key: 'packages/rpm/key.asc', install: {} } } };

  for (const bundle of [whole, both]) {
    expect(parseBundle(stringify(bundle), 'bundle.yaml')).toEqual({ bundle, findings: [] });
  }
});

describe('refuses', () => {
  test.each<[string, object, string, RegExp]>([
    ['a version that is not exact', { kubernetesVersion: 'v1.36' }, 'kubernetesVersion', /exact version/],
    ['another kind', { kind: 'Cluster' }, 'kind', /cannot be 'Cluster'/],
    ['a plugin that is unknown', { cni: ['cilium'] }, 'cni[0]', /cannot be 'cilium'/],
    ['an absolute path', { manifests: { flannel: '/etc/passwd' } }, 'flannel', /inside the bundle/],
    ['a path that leads out', { manifests: { flannel: 'manifests/../../x' } }, 'flannel', /inside the bundle/],
    ['a digest of another kind', { images: [image('a/b:1', 'sha512:00')] }, 'digest', /digest/],
    [
      'two images that one mirror cannot tell apart',
      { images: [image('docker.io/library/nginx:1'), image('quay.io/library/nginx:1')] },
      'name',
      /quay.io\/library\/nginx:1 and docker.io\/library\/nginx:1 differ only in the registry/,
    ],
  ])('%s', (_, changes, place, message) => {
    const { bundle, findings } = parseBundle(stringify({ ...whole, ...changes }), 'bundle.yaml');

    expect(bundle).toBeUndefined();
    expect(findings).toHaveLength(1);
    expect(findings[0]?.message).toMatch(message);
    expect(findings[0]?.message).toContain(place);
  });
});

function image(name: string, digest = `sha256:${'a'.repeat(64)}`) {
  return { name, digest, mediaType: 'application/vnd.oci.image.manifest.v1+json', size: 1 };
}
