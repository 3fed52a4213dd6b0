import { beforeAll, describe, expect, test } from 'vitest';
import type { Cluster, HostRecord } from '../../src/cluster/cluster.js';
import { sampleClusterOf } from '../sample-cluster.js';
import { describeCertificate, describeKey } from './decoded.js';
import { etcdRoots } from './external-etcd.js';
import { findKubeadm, runInRoot } from './kubeadm.js';
import { hostRoot } from './our-host.js';
import { listing, memberCertificates, textOf } from './tree.js';

const local = {
  dataDir: '/var/lib/etcd-data',
  extraArgs: [{ name: 'election-timeout', value: '5000' }],
  serverCertSANs: ['etcd.example.com'],
  peerCertSANs: ['10.0.0.99'],
};
const roles = { cp1: ['bootstrap', 'control-plane'], e1: ['etcd'], e2: ['etcd'], e3: ['etcd'] };

describe.each<[string, Cluster]>([
  ['defaults', sampleClusterOf(roles)],
  [
    'own settings',
    sampleClusterOf(roles, {
      kubernetes: { clusterConfiguration: { encryptionAlgorithm: 'ECDSA-P256', etcd: { local } } },
    }),
  ],
])('the first host of etcd, with %s', (_, cluster) => {
  const host = cluster.hosts[1] as HostRecord;
  const theirs = hostRoot();
  let ours: string;
  const both = <T>(describeFile: (text: string) => T, path: string) =>
    [ours, theirs].map((root) => describeFile(textOf(root, path)));
  const run = async (root: string, ...phases: string[]) => {
    const kubeadm = await findKubeadm();
    return phases.map((phase) => runInRoot(kubeadm, root, cluster, host, `init phase ${phase}`)).join('');
  };
  const certs = ['etcd-ca', 'etcd-server', 'etcd-peer', 'etcd-healthcheck-client'].map((name) => `certs ${name}`);

  beforeAll(async () => {
    ours = (await etcdRoots(cluster))[host.name]!;
    await run(theirs, ...certs, 'etcd local');
  });

  test('has the files that the phases of kubeadm leave, with the same modes', () => {
    expect(listing(ours)).toEqual(listing(theirs));
  });

  test("has kubeadm's manifest of etcd, byte for byte", () => {
    const path = 'etc/kubernetes/manifests/etcd.yaml';

    expect(textOf(ours, path)).toBe(textOf(theirs, path));
  });

  test.each(['etcd/ca', ...memberCertificates])('has a certificate %s that says the same', (name) => {
    const [our, their] = both(describeCertificate, `etc/kubernetes/pki/${name}.crt`);
    const [ourKey, theirKey] = both(describeKey, `etc/kubernetes/pki/${name}.key`);

    expect(our).toEqual(their);
    expect(ourKey).toEqual(theirKey);
  });

  test('has certificates that kubeadm takes for its own', async () => {
    const said = await run(ours, ...certs);

    expect(said).not.toMatch(/Generating/);
    expect(said.match(/Using existing/g)).toHaveLength(certs.length);
  });

  test.each(memberCertificates)('has a certificate %s that kubeadm renews', async (name) => {
    const before = textOf(ours, `etc/kubernetes/pki/${name}.crt`);

    const said = runInRoot(await findKubeadm(), ours, cluster, host, `certs renew ${name.replace('/', '-')}`);

    expect(said).toContain(' renewed');
    expect(textOf(ours, `etc/kubernetes/pki/${name}.crt`)).not.toBe(before);
  });
});
