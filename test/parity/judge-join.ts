import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasEtcdHosts, isControlPlane, isNode, type Cluster, type HostRecord } from '../../src/cluster/cluster.js';
import { describeCertificate, describeKey, describeKubeconfig } from './decoded.js';
import { beginCluster, joinByKubeadm, type BegunCluster } from './kubeadm-join.js';
import { findKubeadm, makeCaFolders } from './kubeadm.js';
import { hostRoot, runPhasesIn } from './our-host.js';
import { authoritiesOf, contents, kubeletFiles, leafCertificatesOf, listing, manifestsOf, textOf } from './tree.js';

const kubeconfigs = ['admin', 'controller-manager', 'scheduler'];

/** Declares the tests that compare what hosts get that join a cluster of kubeadm's own: one by `kubeadm join`, one by our steps. */
export function judgeJoins(configurations: Record<string, Cluster>): void {
  describe.each(Object.entries(configurations))('with %s', (_, cluster) => {
    let begun: BegunCluster;
    beforeAll(async () => {
      begun = await beginCluster(await findKubeadm(), cluster);
    });
    afterAll(() => begun.end());

    const joining = cluster.hosts.filter((host) => isNode(host) && host.name !== cluster.firstControlPlane);
    describe.each(joining.map((host) => [host.name, host] as const))('%s', (_name, host) => {
      judgeOne(() => begun, cluster, host);
    });
  });
}

function judgeOne(begun: () => BegunCluster, cluster: Cluster, host: HostRecord): void {
  const ours = hostRoot();
  let theirs: string;
  const both = <T>(describeFile: (text: string) => T, path: string) =>
    [ours, theirs].map((root) => describeFile(textOf(root, path)));
  const joinUs = () => {
    const roots = { ...begun().etcd, [cluster.firstControlPlane]: begun().root, [host.name]: ours };
    const join = isControlPlane(host)
      ? (['copy-certificates', 'extend-etcd', 'join-control-plane'] as const)
      : (['join-worker-node'] as const);
    return runPhasesIn(roots, [...join, 'confirm-node'], cluster, host);
  };
  const copied = isControlPlane(host)
    ? [...authoritiesOf(cluster).flatMap((name) => [`${name}.crt`, `${name}.key`]), 'etcd/ca.crt']
    : ['ca.crt'];
  const leafCertificates = leafCertificatesOf(cluster);

  beforeAll(async () => {
    theirs = await joinByKubeadm(begun(), host);
    makeCaFolders(ours, host);
    await joinUs();
  });

  test('the same files stand there, with the same modes', () => {
    expect(listing(ours)).toEqual(listing(theirs));
  });

  test.each([...kubeletFiles, ...copied.map((name) => `etc/kubernetes/pki/${name}`)])(
    '%s has the same bytes',
    (path) => {
      expect(textOf(ours, path)).toBe(textOf(theirs, path));
    },
  );

  test('bootstrap-kubelet.conf has the same bytes but for the token', () => {
    const [our, their] = both(
      (text) => text.replace(/token: [a-z0-9]{6}\.[a-z0-9]{16}$/m, 'token: <masked>'),
      'etc/kubernetes/bootstrap-kubelet.conf',
    );

    expect(our).toBe(their);
    expect(our).toContain('<masked>');
  });

  test('a second run leaves every file as it is', async () => {
    const before = contents(ours);

    await joinUs();

    expect(contents(ours)).toBe(before);
  });

  if (isControlPlane(host)) judgeControlPlane();

  function judgeControlPlane(): void {
    test.each([...manifestsOf(cluster), 'etc/kubernetes/pki/sa.key', 'etc/kubernetes/pki/sa.pub'])(
      '%s has the same bytes',
      (path) => {
        expect(textOf(ours, path)).toBe(textOf(theirs, path));
      },
    );

    // kubeadm hands the key of etcd's client on to each control plane; each of ours has its own.
    const etcdClient = hasEtcdHosts(cluster) ? ['apiserver-etcd-client'] : [];
    test.each([...leafCertificates, ...etcdClient])('the certificate %s says the same', (name) => {
      const [our, their] = both(describeCertificate, `etc/kubernetes/pki/${name}.crt`);
      const [ourKey, theirKey] = both(describeKey, `etc/kubernetes/pki/${name}.key`);

      expect(our).toEqual(their);
      expect(ourKey).toEqual(theirKey);
    });

    test.each(kubeconfigs)('%s.conf has the same bytes but for keys and certificates, which say the same', (name) => {
      const [our, their] = both(describeKubeconfig, `etc/kubernetes/${name}.conf`);

      expect(our).toEqual(their);
    });

    test('kubeadm takes every certificate and kubeconfig for its own', async () => {
      const said = [
        await begun().runAt(ours, host, 'join phase control-plane-prepare certs'),
        await begun().runAt(ours, host, 'join phase control-plane-prepare kubeconfig'),
      ].join('');

      expect(said).not.toMatch(/Generating "|Writing/);
      expect(said.match(/Using (the )?existing/gi)).toHaveLength(leafCertificates.length + kubeconfigs.length + 1);
    });
  }
}
