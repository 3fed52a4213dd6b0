import { describe, expect, it } from 'vitest';
import type { Cluster, HostRecord } from '../../../src/cluster/cluster.js';
import { judgeNetwork } from '../../../src/cluster/network/judge.js';
import type { Listening, NetworkRead, NetworkSeen, Reached } from '../../../src/cluster/network/seen.js';
import { virtualRouterId } from '../../../src/cluster/virtual-ip.js';
import { sampleCluster, sampleHost } from '../../sample-cluster.js';

const cp2 = hostOf('cp2', 12, ['control-plane']);
const w1 = hostOf('w1', 21, ['worker']);
const cluster: Cluster = { ...sampleCluster(), hosts: [sampleHost, cp2, w1] };
const link = (mtu: number) => ({
  controlPlane: { interface: 'eth0', mtu: 1500 },
  workloadPlane: { interface: 'eth1', mtu },
});
const healthy: NetworkSeen = {
  reads: cluster.hosts.map(({ name }) => readOf(name)),
  listening: cluster.hosts.map(({ name, controlPlaneAddress }): Listening => ({
    host: name,
    serving: [`${controlPlaneAddress}:10250`],
    by: 'listener',
    links: link(1500),
  })),
  reached: cluster.hosts.map(({ name }) => ({ host: name, failed: [], unanswered: [], narrow: [] })),
  stood: cluster.hosts.map(({ name }) => name),
};

describe('a network', () => {
  it('that is fit has nothing against it', () => {
    expect(judgeNetwork(cluster, healthy)).toEqual([]);
  });

  it.each<[string, Partial<NetworkRead>, string[]]>([
    [
      'has a machine-id twice',
      { machineId: 'id of cp1' },
      ["w1: error MachineId: its machine-id id of cp1 is also cp1's (on one of them: rm -f /etc/machine-id"],
    ],
    [
      'has a product_uuid twice',
      { productUuid: 'uuid of cp2' },
      ["w1: warning ProductUuid: its product_uuid uuid of cp2 is also cp2's"],
    ],
    ['does not know every product_uuid', { productUuid: undefined }, []],
    [
      'has a clock that runs a little ahead',
      { clock: { ahead: 12, uncertain: 0 } },
      ["w1: warning ClockSkew: its clock is 12 s ahead of the other hosts'"],
    ],
    [
      'has a clock that is far behind',
      { clock: { ahead: -90, uncertain: 1 } },
      ["w1: error ClockSkew: its clock is 90 s behind the other hosts'"],
    ],
    ['took so long to tell the time that nobody knows', { clock: { ahead: 40, uncertain: 40 } }, []],
    ['has a disk that is slow once', { syncMilliseconds: [1, 1, 1, 1, 1, 1, 1, 1, 1, 300] }, []],
    [
      'has a disk that is slow often',
      { syncMilliseconds: [1, 1, 1, 1, 1, 1, 1, 1, 40, 300] },
      ["w1: warning DiskSync: one in ten writes to etcd's disk takes 40 ms or more"],
    ],
    ['hears its own keepalived', { announced: [{ from: '10.0.0.11', routerId: virtualRouterId('prod') }] }, []],
    [
      'hears a stranger with another id',
      { announced: [{ from: '10.0.0.77', routerId: 1 + (virtualRouterId('prod') % 255) }] },
      [],
    ],
    [
      'hears a stranger with its id',
      { announced: [{ from: '10.0.0.77', routerId: virtualRouterId('prod') }] },
      ['w1: error VirtualRouterId: 10.0.0.77 already announces virtual router'],
    ],
  ])('%s', (_, read, lines) => {
    const reads = healthy.reads.map((each) => (each.host === 'w1' ? { ...each, ...read } : each));

    expectLines({ ...healthy, reads }, lines);
  });

  it('of two hosts names the one that differs from the worker', () => {
    const reads = [readOf('cp1'), { ...readOf('w1'), clock: { ahead: 100, uncertain: 0 } }];
    const lines = ["w1: error ClockSkew: its clock is 100 s ahead of the other hosts'"];

    expectLines({ ...healthy, reads }, lines, { ...cluster, hosts: [sampleHost, w1] });
  });

  it('has an address twice', () => {
    const twin = { ...w1, workloadPlaneAddress: '10.0.1.11' };

    expectLines(healthy, ["w1: error UniqueAddress: its address 10.0.1.11 is also cp1's"], {
      ...cluster,
      hosts: [sampleHost, cp2, twin],
    });
  });

  it.each<[string, Partial<Reached>, string[]]>([
    [
      'does not let through what the port table opens',
      { failed: [{ target: '10.0.0.21:10250', seen: 'silent' }] },
      [
        'cp2: error PeerPort-10250: it cannot reach w1 on 10.0.0.21:10250 (kubelet): no answer (let 10250/tcp through to w1',
      ],
    ],
    ['blocks SSH between hosts on purpose', { failed: [{ target: '10.0.0.21:22', seen: 'silent' }] }, []],
    ['blocks ping on purpose', { unanswered: ['10.0.0.21'] }, []],
    [
      'has a host that answers nothing',
      { failed: [{ target: '10.0.0.21:22', seen: 'silent' }], unanswered: ['10.0.0.21'] },
      ['cp2: warning PeerReachable: w1 (10.0.0.21) answers neither ping nor SSH from here'],
    ],
    [
      'loses full packets',
      { narrow: [{ address: '10.0.1.21', size: 1500, passed: 1400 }] },
      ['cp2: error PathMTU: packets of 1500 bytes to w1 (10.0.1.21) are lost on the way, of 1400 bytes not'],
    ],
    [
      'could not be tried',
      { untried: 'there is no perl' },
      ['cp2: warning NetworkProbe: its ways to the other hosts were not tried: there is no perl'],
    ],
  ])('%s', (_, reached, lines) => {
    expectLines(withReached({ cp2: reached }), lines);
  });

  it('says a pair that loses packets once', () => {
    const narrow = (address: string) => ({ narrow: [{ address, size: 1500, passed: 1400 }] });

    expectLines(withReached({ cp2: narrow('10.0.0.21'), w1: narrow('10.0.0.12') }), ['cp2: error PathMTU']);
  });

  it('has links of different sizes', () => {
    const listening = healthy.listening.map((each) => (each.host === 'w1' ? { ...each, links: link(9000) } : each));

    expectLines({ ...healthy, listening }, [
      'w1: warning LinkMTU: eth1 has MTU 9000, the other hosts of the workload plane 1500 (ip link set eth1 mtu 1500',
    ]);
  });

  it.each<[string, Partial<NetworkSeen>, Partial<Listening>]>([
    ['a service that restarts', {}, { by: 'services' }],
    ['a listener that had ended', { stood: ['cp1', 'cp2'] }, {}],
  ])('is not blamed for %s', (_, seen, listening) => {
    const refused = withReached({ cp2: { failed: [{ target: '10.0.0.21:10250', seen: 'refused' }] } });

    expectLines(
      {
        ...refused,
        ...seen,
        listening: refused.listening.map((each) => (each.host === 'w1' ? { ...each, ...listening } : each)),
      },
      [],
    );
  });

  it('is asked less of by preflight.ignore, but never to share an address', () => {
    const spec = { ...cluster.spec, preflight: { ignore: ['all'] } };
    const twin = { ...w1, controlPlaneAddress: '10.0.0.11' };
    const reads = [...healthy.reads.slice(0, 2), { ...readOf('w1'), machineId: 'id of cp1' }];

    expectLines({ ...healthy, reads }, ['w1: error UniqueAddress', 'w1: warning MachineId'], {
      ...cluster,
      spec,
      hosts: [sampleHost, cp2, twin],
    });
  });
});

function hostOf(name: string, number: number, roles: string[]): HostRecord {
  const addresses = { controlPlaneAddress: `10.0.0.${number}`, workloadPlaneAddress: `10.0.1.${number}` };
  return { ...sampleHost, ...addresses, name, hostname: name, roles };
}

function readOf(name: string): NetworkRead {
  return {
    host: name,
    machineId: `id of ${name}`,
    productUuid: `uuid of ${name}`,
    clock: { ahead: 0.1, uncertain: 0.1 },
  };
}

function withReached(reached: Record<string, Partial<Reached>>): NetworkSeen {
  return { ...healthy, reached: healthy.reached.map((each) => ({ ...each, ...reached[each.host] })) };
}

/** `lines`: how each finding begins. */
function expectLines(seen: NetworkSeen, lines: string[], of: Cluster = cluster): void {
  const found = judgeNetwork(of, seen).map(
    ({ host, level, check, message, hint }) => `${host}: ${level} ${check}: ${message} (${hint})`,
  );

  expect(found.map((line, index) => line.slice(0, lines[index]?.length))).toEqual(lines);
}
