import { expect, test } from 'vitest';
import { holds, objectChanges } from '../../src/activities/kept-objects.js';

const server = 'https://10.0.0.11:6443';
const metadata = { name: 'kubeadm:x' };
const binding = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata,
  subjects: [{ name: 'a' }],
};
const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { key: 'ours' } };

test.each([
  ['an object that is missing is created', binding, undefined, ['create']],
  ['RBAC that differs is mended', binding, { ...binding, subjects: [] }, ['update']],
  [
    'RBAC with defaults of the API server is left alone',
    binding,
    { ...binding, subjects: [{ name: 'a', apiGroup: 'g' }] },
    [],
  ],
  ['a ConfigMap that a person changed is left alone', configMap, { ...configMap, data: { key: 'theirs' } }, []],
])('%s', (_, wanted, present, expected) => {
  expect(objectChanges(server, [wanted], [present]).map(({ how }) => how)).toEqual(expected);
});

test.each([
  [{ a: 1, b: 2 }, { a: 1 }, true],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [[1, 2], [1], false],
  [[{ a: 1, b: 2 }], [{ a: 1 }], true],
  [undefined, {}, false],
  [{ a: null }, { a: null }, true],
])('%j says all of %j: %s', (value, wanted, expected) => {
  expect(holds(value, wanted)).toBe(expected);
});
