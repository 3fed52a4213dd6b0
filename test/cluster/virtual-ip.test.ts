import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { virtualRouterId, virtualRouterOf, vrrpPriority } from '../../src/cluster/virtual-ip.js';
import { sampleCluster, sampleHost } from '../sample-cluster.js';

describe('the virtual router id', () => {
  it('is one that VRRP allows, whatever the cluster is called', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        expect(virtualRouterId(name)).toBeGreaterThanOrEqual(1);
        expect(virtualRouterId(name)).toBeLessThanOrEqual(255);
        expect(Number.isInteger(virtualRouterId(name))).toBe(true);
      }),
    );
  });

  it('stays what it was, because running clusters have it', () => {
    expect(['prod', 'test', 'demo'].map(virtualRouterId)).toEqual([210, 216, 25]);
  });

  it('seldom is the same for clusters with similar names', () => {
    const ids = Array.from({ length: 100 }, (_, i) => virtualRouterId(`prod-${i}`));

    expect(new Set(ids).size).toBeGreaterThan(75);
  });
});

describe('the priority', () => {
  it('falls from each control plane to the next, within what VRRP allows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), (count) => {
        const priorities = Array.from({ length: count }, (_, index) => vrrpPriority(index, count));

        expect(priorities).toEqual([...new Set(priorities)].sort((a, b) => b - a));
        expect(Math.max(...priorities)).toBeLessThanOrEqual(254);
        expect(Math.min(...priorities)).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('lies far apart for as many control planes as there usually are', () => {
    expect([0, 1, 2].map((index) => vrrpPriority(index, 3))).toEqual([250, 167, 83]);
  });
});

it('names every other control plane as a peer, and no worker node', () => {
  const cluster = sampleCluster({ apiServer: { virtualIP: '10.0.0.100', keepalived: true } });
  const more = ['cp2', 'w1', 'cp3'].map((name, i) => ({
    ...sampleHost,
    name,
    roles: [name.startsWith('w') ? 'worker' : 'control-plane'],
    controlPlaneAddress: `10.0.0.1${i + 2}`,
  }));
  const [cp1, cp2, , cp3] = [...cluster.hosts, ...more];

  const routers = [cp1, cp2, cp3].map((host) =>
    virtualRouterOf({ ...cluster, hosts: [...cluster.hosts, ...more] }, host!),
  );

  expect(routers.map(({ address, peers }) => [address, ...peers])).toEqual([
    ['10.0.0.11', '10.0.0.12', '10.0.0.14'],
    ['10.0.0.12', '10.0.0.11', '10.0.0.14'],
    ['10.0.0.14', '10.0.0.11', '10.0.0.12'],
  ]);
  expect(routers.map(({ priority }) => priority)).toEqual([250, 167, 83]);
});
