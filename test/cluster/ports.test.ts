import { describe, expect, it } from 'vitest';
import type { Cluster, HostRecord } from '../../src/cluster/cluster.js';
import { openingsOf, portsOf } from '../../src/cluster/ports.js';
import { sampleCluster, sampleHost } from '../sample-cluster.js';

const cp1 = sampleHost;
const cp2: HostRecord = {
  ...cp1,
  name: 'cp2',
  roles: ['control-plane'],
  controlPlaneAddress: '10.0.0.12',
  workloadPlaneAddress: '10.0.1.12',
};
const w1: HostRecord = {
  ...cp1,
  name: 'w1',
  roles: ['worker'],
  controlPlaneAddress: '10.0.0.21',
  workloadPlaneAddress: '10.0.1.21',
};

describe('one host', () => {
  it('listens where the table says', () => {
    const cluster = sampleCluster();
    const lines = portsOf(cluster, cp1).map(
      ({ service, process, protocol, port, address }) =>
        `${address}:${port}/${protocol} ${process || 'kernel'} ${service}`,
    );

    expect(lines).toEqual([
      '10.0.0.11:8443/tcp nginx registry',
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

  it.each<[string, Record<string, unknown>, string[]]>([
    [
      'opens the API to anyone, and nothing else',
      {},
      ['rule family="ipv4" destination address="10.0.0.11" port port="6443" protocol="tcp" accept'],
    ],
    [
      'opens the API to firewall.apiServerFrom alone',
      { firewall: { apiServerFrom: ['10.0.0.0/24', '192.0.2.0/24'] } },
      [
        'rule family="ipv4" source address="10.0.0.0/24" destination address="10.0.0.11" port port="6443" protocol="tcp" accept',
        'rule family="ipv4" source address="192.0.2.0/24" destination address="10.0.0.11" port port="6443" protocol="tcp" accept',
      ],
    ],
    [
      'opens the API on the virtual IP too',
      { apiServer: { virtualIP: '10.0.0.100', keepalived: false } },
      [
        'rule family="ipv4" destination address="10.0.0.11" port port="6443" protocol="tcp" accept',
        'rule family="ipv4" destination address="10.0.0.100" port port="6443" protocol="tcp" accept',
      ],
    ],
  ])('%s', (_, spec, richRules) => {
    expect(openingsOf(sampleCluster(spec), cp1)).toEqual({ richRules, trustedSources: ['10.233.0.0/16'] });
  });
});

describe('many hosts', () => {
  const cluster: Cluster = { ...sampleCluster(), hosts: [cp1, cp2, w1] };

  it.each([
    [
      cp1,
      [
        '10.0.0.12 -> 10.0.0.11 8443/tcp',
        '10.0.0.21 -> 10.0.0.11 8443/tcp',
        '10.0.0.12 -> 10.0.0.11 2379/tcp',
        '10.0.0.12 -> 10.0.0.11 2380/tcp',
        'any -> 10.0.0.11 6443/tcp',
        '10.0.0.12 -> 10.0.0.11 10250/tcp',
        '10.0.1.12 -> 10.0.1.11 8472/udp',
        '10.0.1.21 -> 10.0.1.11 8472/udp',
      ],
    ],
    [
      w1,
      [
        '10.0.0.11 -> 10.0.0.21 10250/tcp',
        '10.0.0.12 -> 10.0.0.21 10250/tcp',
        '10.0.1.11 -> 10.0.1.21 8472/udp',
        '10.0.1.12 -> 10.0.1.21 8472/udp',
      ],
    ],
  ])('let in only the peers that need it: $name', (host, expected) => {
    expect(openingsOf(cluster, host).richRules.map(shortened)).toEqual(expected);
  });

  it('let nobody reach etcd but control planes and etcd members, when etcd has hosts of its own', () => {
    const etcd1: HostRecord = { ...w1, name: 'etcd1', roles: ['etcd'] };
    const dedicated: Cluster = { ...cluster, hosts: [cp1, etcd1, { ...cp2, roles: ['worker'] }] };
    const aboutEtcd = (host: HostRecord) =>
      openingsOf(dedicated, host)
        .richRules.map(shortened)
        .filter((rule) => rule.includes(' 23'));

    expect(aboutEtcd(cp1)).toEqual([]);
    expect(aboutEtcd(etcd1)).toEqual(['10.0.0.11 -> 10.0.0.21 2379/tcp', '10.0.0.11 -> 10.0.0.21 2380/tcp']);
  });

  it('let in VRRP of the other control planes when keepalived holds the virtual IP', () => {
    const { spec } = sampleCluster({ apiServer: { virtualIP: '10.0.0.100', keepalived: true } });

    expect(openingsOf({ ...cluster, spec }, cp1).richRules).toContain(
      'rule family="ipv4" source address="10.0.0.12" destination address="10.0.0.11" protocol value="vrrp" accept',
    );
  });
});

function shortened(rule: string): string {
  const value = (pattern: RegExp) => pattern.exec(rule)?.[1] ?? 'any';
  const [port, protocol] = [value(/port port="(\d+)"/), value(/protocol="(\w+)"/)];
  return `${value(/source address="([^"]+)"/)} -> ${value(/destination address="([^"]+)"/)} ${port}/${protocol}`;
}
