import { describe, expect, it } from 'vitest';
import type { LookedAt } from '../../src/cluster/cluster.js';
import { virtualIpFindings } from '../../src/cluster/virtual-ip-findings.js';
import { sampleHost, sampleSpec } from '../sample-cluster.js';

const apiServer = { virtualIP: '10.0.0.100', keepalived: true };
const spec = sampleSpec({ apiServer, networks: { controlPlane: ['10.0.0.0/24', '10.2.0.0/16'] } });

function look(name: string, controlPlaneAddress: string, more: Partial<LookedAt> = {}): LookedAt {
  const roles = [name.startsWith('w') ? 'worker' : 'control-plane'];
  return { record: { ...sampleHost, name, roles, controlPlaneAddress }, ...more };
}

describe('a virtual IP that keepalived is to hold', () => {
  it.each<[string, LookedAt[], string[]]>([
    ['is right on a network that all control planes share', [look('cp1', '10.0.0.11'), look('w1', '10.2.0.11')], []],
    [
      'cannot reach a control plane on another network',
      [look('cp1', '10.0.0.11'), look('cp2', '10.2.0.12')],
      [
        'cp2: its control plane address 10.2.0.12 lies outside of 10.0.0.0/24, where apiServer.virtualIP 10.0.0.100 is (give it an address in 10.0.0.0/24, or set apiServer.keepalived: false and manage the address elsewhere)',
      ],
    ],
    [
      'must not answer before the cluster is made, which is said once',
      [
        look('cp1', '10.0.0.11', { virtualIpHolder: 'fe:ed:00:00:00:01' }),
        look('cp2', '10.0.0.12', { virtualIpHolder: 'fe:ed:00:00:00:01' }),
        look('w1', '10.0.0.21', { virtualIpHolder: 'the host itself' }),
      ],
      [
        'cp1: apiServer.virtualIP 10.0.0.100 is taken: fe:ed:00:00:00:01 has it (choose a free one)',
        'w1: apiServer.virtualIP 10.0.0.100 is taken: the host itself has it (choose a free one)',
      ],
    ],
    [
      'answers from one of its own control planes afterwards',
      [
        look('cp1', '10.0.0.11', { clusterCa: 'aa', virtualIpHolder: 'the host itself' }),
        look('cp2', '10.0.0.12', { virtualIpHolder: 'fe:ed:00:00:00:01' }),
      ],
      [],
    ],
    [
      'must not be the address of a host that joins later',
      [
        look('cp1', '10.0.0.11', { clusterCa: 'aa', virtualIpHolder: 'the host itself' }),
        look('w1', '10.0.0.21', { virtualIpHolder: 'the host itself' }),
      ],
      ['w1: apiServer.virtualIP 10.0.0.100 is taken: the host itself has it (choose a free one)'],
    ],
    ['says nothing of hosts that could not be looked at', [{}, look('cp2', '10.0.0.12')], []],
  ])('%s', (_title, looks, expected) => {
    const found = virtualIpFindings(spec, looks).map(({ host, message, hint }) => `${host}: ${message} (${hint})`);

    expect(found).toEqual(expected);
  });

  it('may lie anywhere when somebody else manages it', () => {
    const elsewhere = sampleSpec({ apiServer: { virtualIP: '192.0.2.1', keepalived: false } });

    expect(virtualIpFindings(elsewhere, [look('cp1', '10.0.0.11', { virtualIpHolder: 'fe:ed:00:00:00:01' })])).toEqual(
      [],
    );
  });
});
