import { expect, it } from 'vitest';
import { lookAtHost } from '../../src/activities/look-at-host.js';
import { hostClaimText } from '../../src/cluster/host-record.js';
import { sampleCluster, sampleClusterOf, sampleHost } from '../sample-cluster.js';
import { bareHost, hostIn, hostView, type FakeHost } from './fake-host.js';
import { bootstrapInMemory } from './sample-bootstrap.js';

const { spec, bundle } = sampleCluster();

it('makes the record of a host that Temper never saw', async () => {
  const { record, generation } = await look(bareHost());

  expect(record).toEqual(sampleHost);
  expect(generation).toBe(0);
});

it('keeps the addresses that were recorded, and reads the generation of the last run', async () => {
  const host = bareHost();
  const claim = { cluster: 'prod', name: 'cp1', controlPlaneAddress: '10.0.1.11', workloadPlaneAddress: '10.0.0.11' };
  host.files['/etc/temper/host.yaml'] = { type: 'file', mode: '0644', content: hostClaimText(claim) };
  host.files['/var/lib/temper/fence'] = { type: 'file', mode: '0600', content: '7 run-id prod somebody\n' };

  const { record, generation } = await look(host);

  expect(record).toMatchObject({ controlPlaneAddress: '10.0.1.11', workloadPlaneAddress: '10.0.0.11' });
  expect(generation).toBe(7);
});

it.each([
  ['after kubeadm reset, and may join again', [], []],
  ['but has lost its CA', ['/etc/kubernetes/kubelet.conf'], ['HOST_HAS_OTHER_CLUSTER']],
])('knows a host that was of this cluster, %s', async (_, files, expected) => {
  const host = bareHost();
  const claim = { cluster: 'prod', name: 'cp1', controlPlaneAddress: '10.0.0.11', workloadPlaneAddress: '10.0.1.11' };
  host.files['/etc/temper/host.yaml'] = { type: 'file', mode: '0644', content: hostClaimText(claim) };
  host.files['/etc/temper/cluster-ca.sha256'] = { type: 'file', mode: '0644', content: 'aa\n' };
  for (const path of files) host.files[path] = { type: 'file', mode: '0600', content: 'kept' };
  host.packages.kubelet = { version: '1.36.3', held: true };

  const { findings } = await look(host);

  const mine = findings.filter(({ check }) => /^HOST_|^Conflicting/.test(check));
  expect(mine.map(({ check }) => check)).toEqual(expected);
});

it('does not take addresses over from another cluster, and has no record when there are none', async () => {
  const host = bareHost();
  const claim = {
    cluster: 'test',
    name: 'cp1',
    controlPlaneAddress: '192.168.0.1',
    workloadPlaneAddress: '192.168.0.1',
  };
  host.files['/etc/temper/host.yaml'] = { type: 'file', mode: '0644', content: hostClaimText(claim) };
  host.system = {
    ...host.system,
    addresses: [{ interface: 'eth0', address: '192.168.0.1', prefixLength: 24, primary: true }],
  };

  const { record, findings } = await look(host);

  expect(record).toBeUndefined();
  expect(findings.filter(({ level }) => level === 'error').map(({ check }) => check)).toEqual(
    expect.arrayContaining(['ControlPlaneAddress', 'WorkloadPlaneAddress', 'HOST_HAS_OTHER_CLUSTER']),
  );
});

it('finds the virtual IP on a host, and does not take it for its address', async () => {
  const { spec } = sampleCluster({ apiServer: { virtualIP: '10.0.0.11', keepalived: false } });

  const { findings } = await lookAtHost(hostView(bareHost()), spec, 'cp1', bundle);

  expect(findings.map(({ message }) => message)).toContain(
    'no address in networks.controlPlane (10.0.0.0/24); the host has 10.0.0.11, 10.0.1.11',
  );
});

it('says that it has the virtual IP that keepalived is to hold', async () => {
  const { spec } = sampleCluster({ apiServer: { virtualIP: '10.0.0.100', keepalived: true } });
  const held = { interface: 'eth0', address: '10.0.0.100', prefixLength: 32, primary: true };
  const holder = bareHost();
  holder.system = { ...holder.system, addresses: [...holder.system.addresses, held] };

  const [free, taken] = await Promise.all(
    [bareHost(), holder].map((host) => lookAtHost(hostView(host), spec, 'cp1', bundle)),
  );

  expect(free).toMatchObject({ virtualIpHolder: undefined, record: { controlPlaneAddress: '10.0.0.11' } });
  expect(taken).toMatchObject({ virtualIpHolder: 'the host itself', record: { controlPlaneAddress: '10.0.0.11' } });
});

it('knows a host of etcd by the CA of etcd, and asks its member whether it votes', async () => {
  const cluster = sampleClusterOf({ cp1: ['bootstrap', 'control-plane'], e1: ['etcd'] });
  const { finished } = await bootstrapInMemory(cluster);
  const host = hostIn(finished, 'e1');
  const lookAgain = () => lookAtHost(hostView(host), cluster.spec, 'e1', bundle);

  const voting = await lookAgain();
  host.etcd[0]!.isLearner = true;
  const learning = await lookAgain();
  delete host.files['/etc/kubernetes/manifests/etcd.yaml'];

  expect(voting).toMatchObject({
    etcdMember: 'votes',
    clusterCa: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(voting.record).toMatchObject({ controlPlaneAddress: '10.0.0.12', workloadPlaneAddress: '10.0.0.12' });
  expect(learning).toMatchObject({ etcdMember: 'started' });
  expect(await lookAgain()).toMatchObject({ etcdMember: undefined });
});

function look(host: FakeHost) {
  return lookAtHost(hostView(host), spec, 'cp1', bundle);
}
