import { expect, test } from 'vitest';
import { mustRemain } from '../../src/cli/named-hosts.js';
import { sampleSpec } from '../sample-cluster.js';

const spec = sampleSpec({
  hosts: [
    { name: 'cp1', address: '10.0.0.11', roles: ['bootstrap', 'control-plane'] },
    { name: 'w1', address: '10.0.0.12', roles: ['worker'] },
    { name: 'e1', address: '10.0.0.13', roles: ['etcd'] },
  ],
});

test.each([
  [['w2'], 'prod has no host w2'],
  [['cp1'], 'without cp1 no host has the role bootstrap'],
  [['e1'], 'without e1 no host has the role etcd'],
])('refuses to go on without %j', (without, message) => {
  expect(() => mustRemain(spec, without)).toThrow(message);
});

test('goes on without a worker node', () => {
  expect(() => mustRemain(spec, ['w1'])).not.toThrow();
});
