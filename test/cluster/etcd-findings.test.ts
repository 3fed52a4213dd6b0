import { expect, it } from 'vitest';
import type { LookedAt } from '../../src/cluster/cluster.js';
import { etcdFindings } from '../../src/cluster/etcd-findings.js';
import { sampleClusterOf, sampleHost } from '../sample-cluster.js';

const roles = { cp1: ['bootstrap', 'control-plane'], cp2: ['control-plane'], e1: ['etcd'], e2: ['etcd'] };
const { spec } = sampleClusterOf(roles);

const look = (name: keyof typeof roles, more: Partial<LookedAt> = {}): LookedAt => ({
  record: { ...sampleHost, name, roles: roles[name] },
  ...more,
});
const made = { clusterCa: 'f0', hasApiServer: true };

it.each<[string, LookedAt[], string[], string[]]>([
  ['nothing has been made', [look('cp1'), look('e1'), look('e2')], [], []],
  ['etcd alone has been made', [look('cp1'), look('e1', { clusterCa: 'e0' }), look('e2')], [], []],
  [
    'a host of etcd is replaced',
    [look('cp1', made), look('e1'), look('e2', { clusterCa: 'e0', etcdMember: 'votes' })],
    [],
    [],
  ],
  [
    'no member is left',
    [look('cp1', made), look('e1'), look('e2', { clusterCa: 'e0' })],
    [],
    [
      'e2: the cluster has been made, but no host of etcd that this run looks at has a member of it (leave none of them out; when all are lost, restore a backup of etcd on this one)',
    ],
  ],
  [
    'a host of etcd is left out while a control plane joins',
    [look('cp1', made), look('cp2'), look('e1', { etcdMember: 'votes' })],
    ['e2'],
    [
      'cp2: its API server is to name every host of etcd, but this run does not look at e2 (let the run look at e2, or leave cp2 out too)',
    ],
  ],
  ['a host of etcd is left out otherwise', [look('cp1', made), look('e1', { etcdMember: 'votes' })], ['e2', 'cp2'], []],
])('when %s', (_, looks, leftOut, expected) => {
  const found = etcdFindings(spec, looks, leftOut).map(({ host, message, hint }) => `${host}: ${message} (${hint})`);

  expect(found).toEqual(expected);
});

it('says nothing where control planes run etcd', () => {
  expect(etcdFindings(sampleClusterOf({ cp1: ['control-plane'] }).spec, [look('cp1', made)], [])).toEqual([]);
});
