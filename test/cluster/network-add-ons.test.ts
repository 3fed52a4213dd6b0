import { expect, test } from 'vitest';
import { networkAddOn, networkObjects, type Network } from '../../src/cluster/network-add-ons.js';
import { sampleCluster } from '../sample-cluster.js';

const network: Network = {
  addOn: 'flannel',
  pods: '172.20.0.0/14',
  workloadPlaneAddresses: ['10.0.1.11', '10.0.1.12'],
  keepsAddresses: false,
};

test("flannel's network is the pods', and it tunnels between exactly the recorded addresses; the rest stays", () => {
  const config = {
    'net-conf.json': '{"Network": "10.244.0.0/16", "Backend": {"Type": "vxlan"}}',
    'cni-conf.json': '{}',
  };
  const containers = [{ name: 'kube-flannel', args: ['--ip-masq', '--kube-subnet-mgr'] }];
  const manifest = [
    { kind: 'ConfigMap', metadata: { name: 'kube-flannel-cfg' }, data: config },
    { kind: 'DaemonSet', metadata: { name: 'kube-flannel-ds' }, spec: { template: { spec: { containers } } } },
  ];

  const [configMap, daemonSet] = networkObjects(manifest, network);

  expect(JSON.parse(configMap!.data!['net-conf.json'])).toEqual({
    Network: '172.20.0.0/14',
    Backend: { Type: 'vxlan' },
  });
  expect(configMap!.data!['cni-conf.json']).toBe('{}');
  expect(daemonSet!.spec!.template.spec.containers[0]!.args).toEqual([
    '--ip-masq',
    '--kube-subnet-mgr',
    '--iface-regex=^(10\\.0\\.1\\.11|10\\.0\\.1\\.12)$',
  ]);
  expect(manifest[0]!.data).toBe(config);
});

test("Calico's pool is the pods' network, by VXLAN, between exactly the recorded addresses", () => {
  const container = {
    name: 'calico-node',
    env: [
      { name: 'IP', value: 'autodetect' },
      { name: 'CALICO_IPV4POOL_IPIP', value: 'Always' },
    ],
    livenessProbe: { exec: { command: ['/bin/calico-node', '-felix-live', '-bird-live'] } },
    readinessProbe: { exec: { command: ['calico', 'health', '--felix-ready', '--bird-ready'] } },
  };
  const manifest = [
    { kind: 'ConfigMap', metadata: { name: 'calico-config' }, data: { calico_backend: 'bird', veth_mtu: '0' } },
    { kind: 'DaemonSet', metadata: { name: 'calico-node' }, spec: { template: { spec: { containers: [container] } } } },
  ];

  const [configMap, daemonSet] = networkObjects(manifest, { ...network, addOn: 'calico' });

  expect(configMap!.data).toEqual({ typha_service_name: 'none', calico_backend: 'vxlan', veth_mtu: '0' });
  expect(daemonSet!.spec!.template.spec.containers).toEqual([
    {
      name: 'calico-node',
      env: [
        { name: 'IP', value: 'autodetect' },
        { name: 'CALICO_IPV4POOL_CIDR', value: '172.20.0.0/14' },
        { name: 'CALICO_IPV4POOL_IPIP', value: 'Never' },
        { name: 'CALICO_IPV4POOL_VXLAN', value: 'Always' },
        { name: 'IP_AUTODETECTION_METHOD', value: 'cidr=10.0.1.11/32,10.0.1.12/32' },
      ],
      livenessProbe: { exec: { command: ['/bin/calico-node', '-felix-live'] } },
      readinessProbe: { exec: { command: ['calico', 'health', '--felix-ready'] } },
    },
  ]);
});

test.each(['flannel', 'calico'] as const)('a node that is left alone keeps its address in what %s is told', (addOn) => {
  const containers = [{ name: 'node', args: [], env: [] }];
  const configs = ['kube-flannel-cfg', 'calico-config'].map((name) => ({
    kind: 'ConfigMap',
    metadata: { name },
    data: {},
  }));
  const daemonSets = ['kube-flannel-ds', 'calico-node'].map((name) => ({
    kind: 'DaemonSet',
    metadata: { name },
    spec: { template: { spec: { containers: structuredClone(containers) } } },
  }));
  const manifest = [...configs, ...daemonSets];
  const told = (addresses: string[], keepsAddresses: boolean, present: typeof manifest = []) =>
    networkObjects(manifest, { ...network, addOn, workloadPlaneAddresses: addresses, keepsAddresses }, present);

  const before = told(['10.0.1.11', '10.0.1.12', '10.0.1.13'], false);

  expect(told(['10.0.1.11', '10.0.1.13'], true, before)).toEqual(before);
  expect(told(['10.0.1.14'], true, before)).toEqual(told(['10.0.1.11', '10.0.1.12', '10.0.1.13', '10.0.1.14'], false));
  expect(told(['10.0.1.11'], false, before)).toEqual(told(['10.0.1.11'], false));
});

test.each([
  ['calico', 'calico'],
  ['flannel', 'flannel'],
  ['none', undefined],
  [undefined, 'flannel'],
])('cni %s with a bundle that carries flannel: %s', (cni, expected) => {
  const cluster = sampleCluster({ networks: { controlPlane: ['10.0.0.0/24'], cni } });

  expect(networkAddOn(cluster)).toBe(expected);
});
