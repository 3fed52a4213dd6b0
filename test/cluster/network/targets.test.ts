import { expect, it } from 'vitest';
import type { Cluster, HostRecord } from '../../../src/cluster/cluster.js';
import type { Listening } from '../../../src/cluster/network/seen.js';
import { targetsOf } from '../../../src/cluster/network/targets.js';
import { sampleCluster, sampleHost } from '../../sample-cluster.js';

const w1: HostRecord = {
  ...sampleHost,
  name: 'w1',
  roles: ['worker'],
  controlPlaneAddress: '10.0.0.21',
  workloadPlaneAddress: '10.0.1.21',
};
const cluster: Cluster = { ...sampleCluster(), hosts: [sampleHost, w1] };
const listening: Listening[] = [
  {
    host: 'cp1',
    serving: ['10.0.0.11:8443', '10.0.0.11:2379', '10.0.0.11:6443', '10.0.0.11:10250'],
    by: 'listener',
    links: { controlPlane: { interface: 'eth0', mtu: 1500 }, workloadPlane: { interface: 'eth1', mtu: 9000 } },
  },
  {
    host: 'w1',
    serving: ['10.0.0.21:10250'],
    by: 'listener',
    links: { controlPlane: { interface: 'eth0', mtu: 1400 }, workloadPlane: undefined },
  },
];

it('a worker node tries what is opened to it, as far as somebody listens, and SSH', () => {
  expect(targetsOf(cluster, w1, listening)).toEqual({
    dials: ['10.0.0.11:8443', '10.0.0.11:6443', '10.0.0.11:22'],
    pings: [
      { address: '10.0.0.11', size: 1400 },
      { address: '10.0.1.11', size: 0 },
    ],
  });
});

it('a control plane tries the kubelet', () => {
  expect(targetsOf(cluster, sampleHost, listening).dials).toEqual(['10.0.0.21:10250', '10.0.0.21:22']);
});

it('nobody tries where firewalld is yet to be opened', () => {
  const closed = listening.map((each) => ({ ...each, serving: [] }));

  expect(targetsOf(cluster, w1, closed).dials).toEqual(['10.0.0.11:22']);
});

it('planes that are one are pinged once', () => {
  const hosts = cluster.hosts.map((host) => ({ ...host, workloadPlaneAddress: host.controlPlaneAddress }));

  expect(targetsOf({ ...cluster, hosts }, hosts[1]!, listening).pings).toEqual([{ address: '10.0.0.11', size: 1400 }]);
});
