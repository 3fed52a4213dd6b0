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
const asks = (...addresses: string[]) => ({ ...made, etcdServers: addresses.map((each) => `https://${each}:2379`) });
const at = (name: 'e1' | 'e2', controlPlaneAddress: string, more: Partial<LookedAt> = {}): LookedAt => ({
  record: { ...sampleHost, name, roles: roles[name], controlPlaneAddress },
  ...more,
});
const votes = { clusterCa: 'e0', etcdMember: 'votes' } as const;

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
  [
    'a host of etcd is replaced under its old address',
    [look('cp1', asks('10.0.0.21', '10.0.0.22')), at('e1', '10.0.0.21', votes), at('e2', '10.0.0.22')],
    [],
    [],
  ],
  [
    'a host of etcd is replaced under another address',
    [
      look('cp1', asks('10.0.0.21', '10.0.0.22')),
      look('cp2', asks('10.0.0.21', '10.0.0.22')),
      at('e1', '10.0.0.21', votes),
      at('e2', '10.0.0.24'),
    ],
    [],
    [
      'e2: the API server of cp1, cp2 was made to ask etcd at https://10.0.0.21:2379, https://10.0.0.22:2379, but this host of etcd is at https://10.0.0.24:2379 (a host that replaces another one takes its address too: https://10.0.0.22:2379)',
    ],
  ],
  [
    'a host of etcd has been moved with its data',
    [
      look('cp1', asks('10.0.0.21', '10.0.0.22')),
      at('e1', '10.0.0.21', votes),
      at('e2', '10.0.0.24', { clusterCa: 'e0', etcdMember: 'started' }),
    ],
    ['cp2'],
    [
      'e2: the API server of cp1 was made to ask etcd at https://10.0.0.21:2379, https://10.0.0.22:2379, but this host of etcd is at https://10.0.0.24:2379 (a host that replaces another one takes its address too: https://10.0.0.22:2379)',
    ],
  ],
  [
    'a person let the API servers ask a balancer in front of etcd',
    [look('cp1', asks('etcd.example.com')), at('e1', '10.0.0.21', votes), at('e2', '10.0.0.22')],
    [],
    [],
  ],
  ['a host of etcd is left out otherwise', [look('cp1', made), look('e1', { etcdMember: 'votes' })], ['e2', 'cp2'], []],
])('when %s', (_, looks, leftOut, expected) => {
  const found = etcdFindings(spec, looks, leftOut).map(({ host, message, hint }) => `${host}: ${message} (${hint})`);

  expect(found).toEqual(expected);
});

it('says nothing where control planes run etcd', () => {
  expect(etcdFindings(sampleClusterOf({ cp1: ['control-plane'] }).spec, [look('cp1', made)], [])).toEqual([]);
});
