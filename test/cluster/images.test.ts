import { expect, test } from 'vitest';
import { imageParts, imagesFor } from '../../src/cluster/images.js';
import { sampleClusterOf } from '../sample-cluster.js';

const onNodes = ['kube-proxy', 'coredns/coredns', 'pause', 'flannel-io/flannel', 'library/busybox'];
const onControlPlanes = [...onNodes, 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];
const virtualIp = (keepalived: boolean) => ({ apiServer: { virtualIP: '10.0.0.100', keepalived } });

test.each<[string, Record<string, string[]>, object, string[]]>([
  ['a control plane with etcd', { cp1: ['control-plane'] }, {}, [...onControlPlanes, 'etcd']],
  ['a control plane without etcd', { cp1: ['control-plane'], e1: ['etcd'] }, {}, onControlPlanes],
  ['one with keepalived', { cp1: ['control-plane'] }, virtualIp(true), [...onControlPlanes, 'etcd', 'keepalived']],
  ['one with keepalived elsewhere', { cp1: ['control-plane'] }, virtualIp(false), [...onControlPlanes, 'etcd']],
  ['a worker node', { w1: ['worker'], cp1: ['control-plane'] }, virtualIp(true), onNodes],
  ['a host of etcd', { e1: ['etcd'], cp1: ['control-plane'] }, virtualIp(true), ['pause', 'etcd']],
  [
    'one that serves, too',
    { e1: ['bootstrap', 'etcd'], cp1: ['control-plane'] },
    {},
    ['pause', 'etcd', 'library/nginx', 'salt-master'],
  ],
  [
    'a host that only serves',
    { b1: ['bootstrap'], cp1: ['control-plane'] },
    {},
    [...onNodes, 'library/nginx', 'salt-master'],
  ],
  [
    'one that serves without Salt',
    { b1: ['bootstrap'], cp1: ['control-plane'] },
    { salt: { enabled: false } },
    [...onNodes, 'library/nginx'],
  ],
])('%s gets exactly what it runs', (_, roles, spec, expected) => {
  const cluster = sampleClusterOf(roles, spec as Record<string, unknown>);

  const images = imagesFor(cluster, cluster.hosts[0]!).map(({ name }) => imageParts(name).repository);

  expect(images.toSorted()).toEqual(expected.toSorted());
});
