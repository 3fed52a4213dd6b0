import { expect, test } from 'vitest';
import { lookAtHost } from '../../src/activities/look-at-host.js';
import { clusterOf, isEtcdHost, type Cluster } from '../../src/cluster/cluster.js';
import { sampleClusterOf } from '../sample-cluster.js';
import { hostIn, hostView, textOf, type FakeWorld } from './fake-host.js';
import { bootstrapInMemory, callsOf, drifted, planned } from './sample-bootstrap.js';

const cluster = sampleClusterOf({
  b1: ['bootstrap'],
  e1: ['etcd'],
  e2: ['etcd'],
  e3: ['etcd'],
  cp1: ['control-plane'],
  cp2: ['control-plane'],
});
const { finished } = await bootstrapInMemory(cluster);

test.each(['e1', 'e3'])('of a cluster that stands nothing is changed or drifted when %s is left out', async (name) => {
  const calls = callsOf(await seenWithout(name, finished));

  for (const call of calls) {
    expect(await planned(call, finished), call.title).toEqual([]);
    expect(await drifted(call, finished), call.title).toEqual([]);
  }
});

test('what a person changed of the endpoints of etcd is reported, whoever is left out', async () => {
  const world = structuredClone(finished);
  const path = '/etc/kubernetes/manifests/kube-apiserver.yaml';
  const content = textOf(hostIn(world, 'cp2'), path)!.replace(/--etcd-servers=[^,]*,/, '--etcd-servers=');
  hostIn(world, 'cp2').files[path] = { type: 'file', mode: '0600', content };

  const calls = callsOf(await seenWithout('e3', world)).filter(({ step }) => step === 'startApiServer');
  const drift = await Promise.all(calls.map(async (call) => [call.host, (await drifted(call, world)).length]));

  expect(drift).toEqual([
    ['cp1', 0],
    ['cp2', 1],
  ]);
});

test('a whole look takes the endpoints of etcd from the hosts alone', async () => {
  const whole = await seenWithout('', finished);

  expect(whole.hosts.filter(isEtcdHost).length).toBe(3);
  expect(whole.etcdServers).toBeUndefined();
});

/** The cluster as a run finds it that does not look at the host `name`. */
async function seenWithout(name: string, world: FakeWorld): Promise<Cluster> {
  const { spec, bundle, hosts } = cluster;
  const others = hosts.filter((host) => host.name !== name);
  const looks = await Promise.all(
    others.map((host) => lookAtHost(hostView(hostIn(world, host.name), world), spec, host.name, bundle)),
  );
  const records = looks.map((look, index) => ({ ...look, record: others[index] }));
  return clusterOf(spec, bundle, records);
}
