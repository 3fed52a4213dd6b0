import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Change } from '../../src/activities/changes/change.js';
import { hasEtcdHosts, type Cluster } from '../../src/cluster/cluster.js';
import { sharedPki } from '../../src/cluster/kubeadm/certificates.js';
import { entriesOf } from '../../src/workflows/runbook/phases.js';
import { describeCertificate, describeKey, describeKubeconfig } from './decoded.js';
import { dryRun, findKubeadm, runInRoot, writeTree, type DryRun } from './kubeadm.js';
import { objectsByName } from './objects.js';
import { bootstrapIn, hostRoot, runStepIn, type Roots } from './our-host.js';
import { bringEtcdClient, etcdRoots } from './external-etcd.js';
import { authoritiesOf, contents, kubeletFiles, leafCertificatesOf, listing, manifestsOf, textOf } from './tree.js';

const kubeconfigs = ['admin', 'super-admin', 'kubelet', 'controller-manager', 'scheduler'];

/** kubeadm makes it with its first real client, which a dry run has not. */
const unseen = 'kubeadm:cluster-admins';

/** Declares the tests that compare everything that `kubeadm init` writes with what our steps write. */
export function judgeByKubeadm(configurations: Record<string, Cluster>): void {
  let kubeadm: string;
  beforeAll(async () => {
    kubeadm = await findKubeadm();
  });

  describe.each(Object.entries(configurations))('with %s', (_, cluster) => judgeOne(() => kubeadm, cluster));
}

function judgeOne(kubeadm: () => string, cluster: Cluster): void {
  const host = cluster.hosts[0]!;
  const [ours, theirs] = [hostRoot(), hostRoot()];
  const texts = [...manifestsOf(cluster), ...kubeletFiles];
  const certificates = [...authoritiesOf(cluster), ...leafCertificatesOf(cluster)];
  const both = <T>(describeFile: (text: string) => T, path: string) =>
    [ours, theirs].map((root) => describeFile(textOf(root, path)));

  let dry: DryRun;
  let changes: Change[];
  let roots: Roots;
  beforeAll(async () => {
    const etcd = await etcdRoots(cluster);
    roots = { ...etcd, [host.name]: ours };
    bringEtcdClient(kubeadm(), theirs, cluster, etcd);
    writeTree(kubeadm(), theirs, cluster, host);
    dry = dryRun(kubeadm(), cluster, host);
    changes = await bootstrapIn(roots, cluster, host);
  });

  test('the same files stand there, with the same modes', () => {
    expect(listing(ours)).toEqual(listing(theirs));
  });

  test.each(texts)('%s has the same bytes', (path) => {
    // Inside its root folder kubeadm finds no systemd to ask for systemd-resolved; its dry run does.
    const isAsked = host.usesSystemdResolved && path.endsWith('/config.yaml');
    const expected = isAsked ? textOf(dry.folder, 'config.yaml') : textOf(theirs, path);

    expect(textOf(ours, path)).toBe(expected);
  });

  test.each(certificates)('the certificate %s says the same', (name) => {
    const [our, their] = both(describeCertificate, `etc/kubernetes/pki/${name}.crt`);
    const [ourKey, theirKey] = both(describeKey, `etc/kubernetes/pki/${name}.key`);

    expect(our).toEqual(their);
    expect(ourKey).toEqual(theirKey);
  });

  if (hasEtcdHosts(cluster)) {
    test("the certificate of etcd's client says what kubeadm's says", () => {
      const [our, their] = both(describeCertificate, 'etc/kubernetes/pki/apiserver-etcd-client.crt');

      expect(our).toEqual(their);
    });
  }

  test.each(['key', 'pub'])('the service account key has the same form (%s)', (half) => {
    const [our, their] = both(describeKey, `${sharedPki.serviceAccount}.${half}`);

    expect(our).toEqual(their);
  });

  test.each(kubeconfigs)('%s.conf has the same bytes but for keys and certificates, which say the same', (name) => {
    const [our, their] = both(describeKubeconfig, `etc/kubernetes/${name}.conf`);

    expect(our).toEqual(their);
  });

  test('the same API objects say the same', () => {
    const our = changes.flatMap((change) =>
      change.kind === 'object' && change.how !== 'apply' ? [change.object] : [],
    );
    const seen = objectsByName(our.filter((object) => object.kind !== 'Node' && object.metadata.name !== unseen));

    expect(seen).toEqual(objectsByName(dry.objects.filter(({ type }) => type !== 'bootstrap.kubernetes.io/token')));
  });

  test('kubeadm takes every certificate and kubeconfig for its own', () => {
    const said = ['certs', 'kubeconfig'].map((phase) =>
      runInRoot(kubeadm(), ours, cluster, host, `init phase ${phase} all`),
    );

    expect(said.join('')).not.toMatch(/Generating|Writing/);
    expect(said.join('').match(/Using (the )?existing/gi)).toHaveLength(certificates.length + kubeconfigs.length + 1);
  });

  test('kubeadm sees the same certificates to expire', () => {
    const [our, their] = [ours, theirs].map((root) => expirations(root));

    // Not kubelet.conf, which the kubelet renews.
    expect(our).toHaveLength(certificates.length + kubeconfigs.length - 1);
    expect(our).toEqual(their);
  });

  test('a second run leaves every file as it is', async () => {
    const before = contents(ours);

    await bootstrapIn(roots, cluster, host);

    expect(contents(ours)).toBe(before);
  });

  test("kubelet.conf has the same bytes once it points at the kubelet's own certificate", async () => {
    const finalizeKubelet = entriesOf('complete-control-plane', cluster, host).find(
      ({ step }) => step === 'finalizeKubelet',
    )!;
    for (const root of [ours, theirs]) {
      mkdirSync(join(root, 'var/lib/kubelet/pki'));
      writeFileSync(join(root, 'var/lib/kubelet/pki/kubelet-client-current.pem'), 'certificate and key');
    }

    await runStepIn(roots, finalizeKubelet, cluster, host);
    runInRoot(kubeadm(), theirs, cluster, host, 'init phase kubelet-finalize all');

    const [our, their] = both((text) => text.replace(/(-data: ).*/, '$1<masked>'), 'etc/kubernetes/kubelet.conf');
    expect(our).toBe(their);
    expect(our).toContain('client-key: /var/lib/kubelet/pki/kubelet-client-current.pem');
  });

  function expirations(root: string): string[] {
    const table = runInRoot(kubeadm(), root, cluster, host, 'certs check-expiration');
    const rows = table.split('\n').filter((line) => / UTC /.test(line));
    return rows.map((row) => row.replace(/[A-Z][a-z]{2} \d\d, \d{4} \d\d:\d\d UTC/, '').replace(/\s+/g, ' '));
  }
}
