import { describe, expect, it } from 'vitest';
import { portsOf } from '../../src/cluster/ports.js';
import { sampleCluster, sampleClusterOf, sampleHost } from '../sample-cluster.js';
import type { Cluster, HostRecord } from '../../src/cluster/cluster.js';

describe('one host', () => {
  it('listens where the table says', () => {
    expect(lines(sampleCluster(), sampleHost)).toEqual([
      '10.0.0.11:8443/tcp nginx registry',
      '10.0.0.11:4505/tcp salt-master salt-publish',
      '10.0.0.11:4506/tcp salt-master salt-return',
      '127.0.0.1:2379/tcp etcd etcd',
      '10.0.0.11:2379/tcp etcd etcd',
      '10.0.0.11:2380/tcp etcd etcd-peer',
      '127.0.0.1:2381/tcp etcd etcd-metrics',
      '0.0.0.0:6443/tcp kube-apiserver kube-apiserver',
      '127.0.0.1:10257/tcp kube-controller kube-controller-manager',
      '127.0.0.1:10259/tcp kube-scheduler kube-scheduler',
      '10.0.0.11:10250/tcp kubelet kubelet',
      '127.0.0.1:10248/tcp kubelet kubelet-health',
      '127.0.0.1:10249/tcp kube-proxy kube-proxy-metrics',
      '0.0.0.0:10256/tcp kube-proxy kube-proxy-health',
      '127.0.0.1:0/tcp containerd containerd-streams',
      '0.0.0.0:8472/udp kernel flannel-vxlan',
      '0.0.0.0:8081/tcp flanneld flannel-health',
    ]);
  });

  it('has no port of salt when cluster.yaml leaves salt out', () => {
    const services = portsOf(sampleCluster({ salt: { enabled: false } }), sampleHost).map(({ service }) => service);

    expect(services.filter((service) => service.includes('salt'))).toEqual([]);
  });
});

describe('etcd on hosts of its own', () => {
  const cluster = sampleClusterOf({ cp1: ['bootstrap', 'control-plane'], etcd1: ['etcd'] });
  const [cp1, etcd1] = cluster.hosts as [HostRecord, HostRecord];

  it('listens there, beside a kubelet that serves nobody', () => {
    expect(lines(cluster, etcd1)).toEqual([
      '127.0.0.1:2379/tcp etcd etcd',
      '10.0.0.12:2379/tcp etcd etcd',
      '10.0.0.12:2380/tcp etcd etcd-peer',
      '127.0.0.1:2381/tcp etcd etcd-metrics',
      '127.0.0.1:10248/tcp kubelet kubelet-health',
      '127.0.0.1:0/tcp containerd containerd-streams',
    ]);
  });

  it('does not listen on control planes, whichever hosts are looked at', () => {
    for (const hosts of [cluster.hosts, [cp1]])
      expect(lines({ ...cluster, hosts }, cp1).filter((line) => line.includes(' etcd'))).toEqual([]);
  });
});

function lines(cluster: Cluster, host: HostRecord): string[] {
  return portsOf(cluster, host).map(
    ({ service, process, protocol, port, address }) =>
      `${address}:${port}/${protocol} ${process || 'kernel'} ${service}`,
  );
}
