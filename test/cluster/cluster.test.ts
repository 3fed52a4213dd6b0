import { expect, test } from 'vitest';
import { clusterOf, type LookedAt } from '../../src/cluster/cluster.js';
import { sampleCluster, sampleHost } from '../sample-cluster.js';

const rows: [string, Record<string, Partial<LookedAt>>, string][] = [
  ['nothing has been made', { cp1: {}, cp2: {}, cp3: {} }, 'cp1'],
  ['the first has begun', { cp1: {}, cp2: { clusterCa: 'f0' }, cp3: {} }, 'cp2'],
  ['all stand', { cp1: stands(), cp2: stands(), cp3: stands() }, 'cp1'],
  ['the first was replaced by an empty one', { cp1: {}, cp2: stands(), cp3: stands() }, 'cp2'],
  ['the one that replaces it got the CA and broke off', { cp1: { clusterCa: 'f0' }, cp2: stands(), cp3: {} }, 'cp2'],
];

test.each(rows)('who made the cluster, when %s', (_, looks, first) => {
  const { spec, bundle } = sampleCluster();
  const lookedAt = Object.entries(looks).map(([name, look]) => ({ record: { ...sampleHost, name }, ...look }));

  expect(clusterOf(spec, bundle, lookedAt).firstControlPlane).toBe(first);
});

function stands(): LookedAt {
  return { clusterCa: 'f0', hasApiServer: true };
}
