import { expect, it } from 'vitest';
import { compareVersions, kubeadmImages, minorOf } from '../../src/cluster/versions.js';

it('names the images that kubeadm 1.36.3 lists', () => {
  expect(kubeadmImages('v1.36.3')).toEqual([
    'registry.k8s.io/kube-apiserver:v1.36.3',
    'registry.k8s.io/kube-controller-manager:v1.36.3',
    'registry.k8s.io/kube-scheduler:v1.36.3',
    'registry.k8s.io/kube-proxy:v1.36.3',
    'registry.k8s.io/coredns/coredns:v1.14.2',
    'registry.k8s.io/pause:3.10.2',
    'registry.k8s.io/etcd:3.6.8-0',
  ]);
});

it('names none for a minor whose manifests are not known', () => {
  expect(kubeadmImages('v1.35.5')).toBeUndefined();
});

it.each([
  ['v1.36.3', '1.36.3-1.1', 0],
  ['1.36.10-1.1', 'v1.36.9', 1],
  ['v1.35.12', 'v1.36.0', -1],
])('compares %s with %s by number', (one, other, sign) => {
  expect(Math.sign(compareVersions(one, other))).toBe(sign);
});

it('reads the minor of a version', () => {
  expect(minorOf('1.36.3-1.1')).toBe('1.36');
  expect(() => minorOf('latest')).toThrow("'latest' is not a version such as v1.36.3");
});
