import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';

import { clusterYaml, rolesFor } from '../../lab/cluster-yaml.js';
import { Lab } from '../../lab/lab.js';
import { parseCluster } from '../../src/cluster/parse.js';

const lab = new Lab({
  prefix: 'demo',
  folder: '/labs/demo',
  baseImage: '/base',
  hosts: [
    { name: 'cp1', number: 11, networks: ['control', 'workload'] },
    { name: 'w1', number: 12, networks: ['control', 'workload'] },
  ],
});

describe('the cluster.yaml of a lab', () => {
  it('is one that the product takes without a complaint', () => {
    const { findings } = parseCluster(clusterYaml(lab, { bundle: '/bundle' }), {
      name: 'cluster.yaml',
      folder: '/labs/demo',
      home: '/root',
    });

    expect(findings).toEqual([]);
  });

  it('makes the first host all of the cluster, reached through the lab', () => {
    const { metadata, spec } = parse(clusterYaml(lab, { bundle: '/bundle' }));

    expect(metadata.name).toBe('demo');
    expect(spec.hosts).toEqual([
      { name: 'cp1', address: '10.77.0.11', roles: ['bootstrap', 'control-plane', 'worker'] },
    ]);
    expect(spec.ssh).toMatchObject({ user: 'ops', sudo: true, proxyCommand: 'ip netns exec temper-demo nc %h %p' });
  });

  it('gives roles by host and replaces whole sections where asked', () => {
    const roles = { cp1: ['bootstrap', 'control-plane'], w1: ['worker'] };
    const networks = { controlPlane: ['10.77.0.0/24'], pods: '10.9.0.0/16' };

    const { spec } = parse(clusterYaml(lab, { bundle: '/bundle', roles, spec: { networks } }));

    expect(spec.networks).toEqual(networks);
    expect(spec.hosts.map(({ name, roles }: { name: string; roles: string[] }) => [name, roles])).toEqual(
      Object.entries(roles),
    );
  });

  it('has a virtual IP, held by keepalived, as soon as there are many control planes', () => {
    const roles = { cp1: ['bootstrap', 'control-plane'], w1: ['control-plane'] };

    const { spec } = parse(clusterYaml(lab, { bundle: '/bundle', roles }));

    expect(spec.apiServer).toEqual({ virtualIP: '10.77.0.100', keepalived: true });
  });
});

describe('the roles of a lab', () => {
  it.each([
    [{ controlPlanes: 1, workers: 0 }, { cp1: ['bootstrap', 'control-plane', 'worker'] }],
    [
      { controlPlanes: 2, workers: 1 },
      { cp1: ['bootstrap', 'control-plane'], cp2: ['control-plane'], w1: ['worker'] },
    ],
    [
      { controlPlanes: 2, workers: 0 },
      { cp1: ['bootstrap', 'control-plane', 'worker'], cp2: ['control-plane', 'worker'] },
    ],
  ])('are those of %j', (size, roles) => {
    expect(rolesFor(size)).toEqual(roles);
  });
});
