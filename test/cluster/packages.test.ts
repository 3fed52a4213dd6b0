import { expect, it } from 'vitest';

import { packagesToInstall } from '../../src/cluster/packages.js';
import { sampleCluster } from '../sample-cluster.js';

it.each([
  [true, ['kubelet', 'salt-minion']],
  [false, ['kubelet']],
])('with salt.enabled: %s hosts get %j', (enabled, expected) => {
  const { spec } = sampleCluster({ salt: { enabled } });

  const install = packagesToInstall({ kubelet: '1.36.3-1.1', 'salt-minion': '3008.2-1.1' }, spec);

  expect(Object.keys(install)).toEqual(expected);
});

it('installs nothing that the bundle does not have', () => {
  const { spec } = sampleCluster({ salt: { enabled: true } });

  expect(packagesToInstall({ kubelet: '1.36.3-1.1' }, spec)).toEqual({ kubelet: '1.36.3-1.1' });
});
