import { beforeEach, describe, expect, test } from 'vitest';
import { steps } from '../../../src/activities/steps/index.js';
import { apiServerPod } from '../../../src/cluster/kubeadm/static-pods.js';
import { paths } from '../../../src/cluster/paths.js';
import { sampleCluster, sampleClusterOf } from '../../sample-cluster.js';
import { apply, write } from '../fake-changes.js';
import { bareHost, hostView, textOf, type FakeHost } from '../fake-host.js';
import { bootstrapInMemory, callsOf, planned as plannedIn } from '../sample-bootstrap.js';

const manifest = `${paths.manifests}/kube-apiserver.yaml`;
let host: FakeHost;

/** An API server that never came up, because of an argument that it does not know. */
beforeEach(async () => {
  host = bareHost();
  await start('no-such-flag');
});

describe('a manifest whose component has not come up', () => {
  test('is written anew when cluster.yaml was corrected', async () => {
    await start('v');

    expect(textOf(host, manifest)).toContain('--v=4');
    expect(textOf(host, manifest)).not.toContain('no-such-flag');
    expect(await planned('v')).toEqual([]);
  });

  test('is written anew too when the last correction broke off in the middle', async () => {
    const [written] = await planned('v');
    apply(host, written!);

    await start('v');
    await start('profiling');

    expect(textOf(host, manifest)).toContain('--profiling=4');
  });

  test('is left alone when a person has changed it', async () => {
    write(host, manifest, textOf(host, manifest)!.replace('no-such-flag', 'v'), '0600');

    expect(await planned('no-such-flag')).toEqual([]);
    expect(await planned('profiling')).toEqual([]);
  });

  test("is the user's once the kubelet is the node's", async () => {
    write(host, `${paths.kubernetes}/kubelet.conf`, 'kind: Config\n');
    write(host, `${paths.kubelet}/config.yaml`, 'kind: KubeletConfiguration\n');

    expect(await planned('v')).toEqual([]);
  });

  test('is written anew on a control plane that joins too, until its node has come about', async () => {
    host = bareHost();
    write(host, `${paths.kubernetes}/bootstrap-kubelet.conf`, 'kind: Config\n');
    write(host, `${paths.kubelet}/config.yaml`, 'kind: KubeletConfiguration\n');
    await start('no-such-flag');

    write(host, `${paths.kubernetes}/kubelet.conf`, 'kind: Config\n');
    await start('v');

    expect(textOf(host, manifest)).toContain('--v=4');
    apply(host, { kind: 'absent', path: `${paths.kubernetes}/bootstrap-kubelet.conf` });
    expect(await planned('profiling')).toEqual([]);
  });
});

test("the manifest of a member of etcd that has begun is the user's, also where no kubelet ever joins", async () => {
  const roles = { e1: ['bootstrap', 'etcd'], cp1: ['control-plane'] };
  const { finished } = await bootstrapInMemory(sampleClusterOf(roles));
  const etcd = { local: { extraArgs: [{ name: 'quota-backend-bytes', value: '9' }] } };
  const [start] = callsOf(sampleClusterOf(roles, { kubernetes: { clusterConfiguration: { etcd } } })).filter(
    ({ step }) => step === 'startEtcdMember',
  );

  expect(await plannedIn(start!, finished)).toEqual([]);
});

async function planned(argument: string) {
  const cluster = sampleCluster({
    kubernetes: { clusterConfiguration: { apiServer: { extraArgs: [{ name: argument, value: '4' }] } } },
  });
  const input = { pod: apiServerPod(cluster, cluster.hosts[0]!), server: 'https://10.0.0.11:6443' };
  return steps.startApiServer.plan(input, await steps.startApiServer.read(hostView(host), input));
}

async function start(argument: string): Promise<void> {
  for (const change of await planned(argument)) apply(host, change);
}
