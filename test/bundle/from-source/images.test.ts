import { expect, test } from 'vitest';

import { goPrograms } from '../../../bundle/from-source/go-programs.js';
import { builtLayers, images, userlands } from '../../../bundle/from-source/images.js';
import { fromDebian, packages } from '../../../bundle/from-source/packages.js';
import { kubeadmImages } from '../../../src/cluster/versions.js';

const all = images({ keepalived: '2.2.7', nginx: '1.22.1', busybox: '1.35.0' });

test('holds every image that kubeadm config images list prints for v1.36.3', () => {
  expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(kubeadmImages('v1.36.3')!));
});

test.each(all)('$name is made of layers that exist', ({ layers }) => {
  for (const layer of layers) {
    expect(['skeleton', ...Object.keys(builtLayers), ...Object.keys(userlands)]).toContain(layer);
  }
});

const taken = [...Object.values(builtLayers), ...Object.values(packages).map(({ binaries }) => binaries)];

test.each(taken.flatMap((files) => Object.entries(files)))(
  '%s comes from a build that makes it',
  (_, [build, file]) => {
    const others: Record<string, object> = { pause: { pause: '' }, salt: { salt: '' } };
    const binaries = others[build] ?? goPrograms[build as keyof typeof goPrograms].binaries;

    expect(Object.keys(binaries)).toContain(file);
  },
);

test('no package that starts a service in the middle of an installation is for a host', () => {
  for (const name of ['firewalld', 'keepalived', 'nginx']) expect(fromDebian).not.toContain(name);
});
