import { expect, test } from 'vitest';
import { clusterOf, isMade, type LookedAt } from '../../src/cluster/cluster.js';
import { sampleCluster, sampleClusterOf, sampleHost } from '../sample-cluster.js';

const rows: [string, Record<string, Partial<LookedAt>>, string][] = [
  ['nothing has been made', { cp1: {}, cp2: {}, cp3: {} }, 'cp1'],
  ['the first has begun', { cp1: {}, cp2: { clusterCa: 'f0' }, cp3: {} }, 'cp2'],
  ['all stand', { cp1: stands(), cp2: stands(), cp3: stands() }, 'cp1'],
  ['the first was replaced by an empty one', { cp1: {}, cp2: stands(), cp3: stands() }, 'cp2'],
  ['the one that replaces it broke off before its kubelet was let in', { cp1: starts(), cp2: stands() }, 'cp2'],
  ['the only one with an API server is not let in yet', { cp1: { clusterCa: 'f0' }, cp2: starts() }, 'cp2'],
  ['the one that replaces it got the CA and broke off', { cp1: { clusterCa: 'f0' }, cp2: stands(), cp3: {} }, 'cp2'],
];

test.each(rows)('who made the cluster, when %s', (_, looks, first) => {
  const { spec, bundle } = sampleCluster();
  const lookedAt = Object.entries(looks).map(([name, look]) => ({ record: { ...sampleHost, name }, ...look }));

  expect(clusterOf(spec, bundle, lookedAt).firstControlPlane).toBe(first);
});

const etcdRows: [string, Record<string, Partial<LookedAt>>, string][] = [
  ['nothing has been made', { e1: {}, e2: {} }, 'e1'],
  ['the second has begun', { e1: {}, e2: { clusterCa: 'e0' } }, 'e2'],
  ['both are members', { e1: votes(), e2: votes() }, 'e1'],
  ['the first was replaced by an empty one', { e1: {}, e2: votes() }, 'e2'],
  ['the one that replaces it learns', { e1: { clusterCa: 'e0', etcdMember: 'started' }, e2: votes() }, 'e2'],
  ['no etcd answers yet', { e1: { clusterCa: 'e0' }, e2: { clusterCa: 'e0', etcdMember: 'started' } }, 'e2'],
];

test.each(etcdRows)(
  'who is asked about the members of an etcd that has hosts of its own, when %s',
  (_, looks, first) => {
    const { spec, bundle, hosts } = sampleClusterOf({ cp1: ['control-plane'], e1: ['etcd'], e2: ['etcd'] });
    const lookedAt = hosts.map((record) => ({ record, ...looks[record.name] }));

    expect(clusterOf(spec, bundle, lookedAt)).toMatchObject({ firstControlPlane: 'cp1', firstEtcdMember: first });
    expect(isMade(lookedAt)).toBe(false);
  },
);

function votes(): LookedAt {
  return { clusterCa: 'e0', etcdMember: 'votes' };
}

function stands(): LookedAt {
  return { ...starts(), hasJoined: true };
}

function starts(): LookedAt {
  return { clusterCa: 'f0', hasApiServer: true };
}
