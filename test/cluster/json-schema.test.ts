import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { clusterJsonSchema } from '../../src/cluster/json-schema.js';

describe('the JSON Schema for editors', () => {
  it('is the one in cluster.schema.json', async () => {
    await expect(`${JSON.stringify(clusterJsonSchema(), null, 2)}\n`).toMatchFileSnapshot('../../cluster.schema.json');
  });

  it('describes every field of ours', () => {
    expect(withoutDescription(clusterJsonSchema() as Node, '')).toEqual([]);
  });

  it.each([
    ['a file with nothing but what is needed', {}, true],
    ['an unknown key', { bundel: './bundle' }, false],
    ['a network without its length', { networks: { controlPlane: ['10.0.0.0'] } }, false],
    ['an unknown role', { hosts: [{ name: 'cp1', address: '10.0.0.11', roles: ['master'] }] }, false],
  ])('judges %s', (_, changes, isValid) => {
    const spec = {
      bundle: './bundle',
      networks: { controlPlane: ['10.0.0.0/24'] },
      hosts: [{ name: 'cp1', address: '10.0.0.11', roles: ['bootstrap', 'control-plane'] }],
      ...changes,
    };
    const validate = new Ajv2020({ formats: { ipv4: true } }).compile(clusterJsonSchema());

    expect(validate({ apiVersion: 'temper/v1alpha1', kind: 'Cluster', metadata: { name: 'prod' }, spec })).toBe(
      isValid,
    );
  });
});

interface Node {
  description?: string;
  properties?: Record<string, Node>;
  items?: Node;
}

/** What lies inside these is described by Kubernetes. */
const ofKubernetes = ['clusterConfiguration', 'kubeletConfiguration', 'kubeProxyConfiguration'];

function withoutDescription({ properties = {}, items }: Node, path: string): string[] {
  const own = Object.entries(properties).flatMap(([key, node]) => [
    ...(node.description ? [] : [`${path}.${key}`]),
    ...(ofKubernetes.includes(key) ? [] : withoutDescription(node, `${path}.${key}`)),
  ]);
  return items ? [...own, ...withoutDescription(items, `${path}[]`)] : own;
}
