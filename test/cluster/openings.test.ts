import { describe, expect, it } from 'vitest';
import type { Cluster, HostRecord } from '../../src/cluster/cluster.js';
import { openingsOf, richRule, waysOf, type Way } from '../../src/cluster/openings.js';
import { sampleCluster, sampleClusterOf, sampleHost } from '../sample-cluster.js';

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
    const openings = openingsOf(sampleCluster(spec), cp1);

    expect(waysOf(openings).map(richRule)).toEqual(richRules);
    expect(openings.trustedSources).toEqual(['10.233.0.0/16']);
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
        '10.0.0.12 -> 10.0.0.11 4505/tcp',
        '10.0.0.21 -> 10.0.0.11 4505/tcp',
        '10.0.0.12 -> 10.0.0.11 4506/tcp',
        '10.0.0.21 -> 10.0.0.11 4506/tcp',
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
    expect(waysOf(openingsOf(cluster, host)).map(shortened)).toEqual(expected);
  });

  it('let in a peer of another network from either of its addresses, as its default route may lie in either plane', () => {
    const { spec } = sampleCluster({ networks: { controlPlane: ['10.0.0.0/24', '10.2.0.0/24'], cni: 'none' } });
    const far = { ...w1, controlPlaneAddress: '10.2.0.21', workloadPlaneAddress: '10.2.0.21' };

    expect(waysOf(openingsOf({ ...cluster, spec, hosts: [cp1, far] }, far)).map(shortened)).toEqual([
      '10.0.0.11 -> 10.2.0.21 10250/tcp',
      '10.0.1.11 -> 10.2.0.21 10250/tcp',
    ]);
  });

  it('let nobody reach etcd but control planes and etcd members, when etcd has hosts of its own', () => {
    const dedicated = sampleClusterOf(
      {
        cp1: ['bootstrap', 'control-plane'],
        w1: ['worker'],
        etcd1: ['etcd'],
        etcd2: ['etcd'],
      },
      { salt: { enabled: false } },
    );
    const [first, worker, etcd1] = dedicated.hosts as [HostRecord, HostRecord, HostRecord];
    const ways = (host: HostRecord) => waysOf(openingsOf(dedicated, host)).map(shortened);

    expect(ways(first)).toEqual([
      '10.0.0.12 -> 10.0.0.11 8443/tcp',
      '10.0.0.13 -> 10.0.0.11 8443/tcp',
      '10.0.0.14 -> 10.0.0.11 8443/tcp',
      'any -> 10.0.0.11 6443/tcp',
      '10.0.1.12 -> 10.0.1.11 8472/udp',
    ]);
    expect(ways(worker)).toEqual(['10.0.0.11 -> 10.0.0.12 10250/tcp', '10.0.1.11 -> 10.0.1.12 8472/udp']);
    expect(ways(etcd1)).toEqual([
      '10.0.0.11 -> 10.0.0.13 2379/tcp',
      '10.0.0.14 -> 10.0.0.13 2379/tcp',
      '10.0.0.14 -> 10.0.0.13 2380/tcp',
    ]);
    expect(openingsOf(dedicated, etcd1).trustedSources).toEqual([]);
  });

  it('let in VRRP of the other control planes when keepalived holds the virtual IP', () => {
    const { spec } = sampleCluster({ apiServer: { virtualIP: '10.0.0.100', keepalived: true } });

    expect(waysOf(openingsOf({ ...cluster, spec }, cp1)).map(richRule)).toContain(
      'rule family="ipv4" source address="10.0.0.12" destination address="10.0.0.11" protocol value="vrrp" accept',
    );
  });
});

it('fifty hosts are a small input of a step', () => {
  const { spec } = sampleCluster({
    networks: { controlPlane: ['100.64.100.0/24'], workloadPlane: ['100.64.200.0/24'], cni: 'flannel' },
    apiServer: { virtualIP: '100.64.100.200', keepalived: true },
    firewall: { apiServerFrom: ['100.64.0.0/16', '192.168.100.0/24'] },
  });
  const hosts = Array.from({ length: 50 }, (_, index): HostRecord => ({
    ...(index < 3 ? cp1 : w1),
    name: `host-${index}`,
    controlPlaneAddress: `100.64.100.${100 + index}`,
    workloadPlaneAddress: `100.64.200.${100 + index}`,
  }));

  const openings = openingsOf({ ...sampleCluster(), spec, hosts }, hosts[0]!);

  expect(JSON.stringify(openings).length).toBeLessThan(4096);
  expect(waysOf(openings).length).toBeGreaterThan(200);
});

it('a host that is added is let in by all others', () => {
  const before = { ...sampleCluster(), hosts: [cp1, cp2] };
  const after = { ...before, hosts: [cp1, cp2, w1] };
  const rules = (cluster: Cluster) => waysOf(openingsOf(cluster, cp1)).map(shortened);

  expect(rules(after)).toEqual(expect.arrayContaining(rules(before)));
  expect(rules(after).filter((rule) => !rules(before).includes(rule))).toEqual([
    '10.0.0.21 -> 10.0.0.11 8443/tcp',
    '10.0.0.21 -> 10.0.0.11 4505/tcp',
    '10.0.0.21 -> 10.0.0.11 4506/tcp',
    '10.0.1.21 -> 10.0.1.11 8472/udp',
  ]);
});

function shortened({ from = 'any', to, protocol, port }: Way): string {
  return `${from} -> ${to} ${port}/${protocol}`;
}
