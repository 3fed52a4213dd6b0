import { beforeEach, describe, expect, test } from 'vitest';
import { planHost, type PlannedStep } from '../../src/activities/plan-host.js';
import type { Step } from '../../src/activities/step.js';
import { steps } from '../../src/activities/steps/index.js';
import { runbookOf } from '../../src/workflows/runbook/phases.js';
import { sampleCluster } from '../sample-cluster.js';
import { hostIn, hostView, type FakeFile, type FakeHost } from './fake-host.js';
import { bootstrapInMemory } from './sample-bootstrap.js';

const cluster = sampleCluster();
const record = cluster.hosts[0]!;
const { finished } = await bootstrapInMemory(cluster);
let host: FakeHost;

beforeEach(() => void (host = structuredClone(hostIn(finished, record.name))));

describe("what a person changed of the user's things", () => {
  test.each([
    '/etc/kubernetes/manifests/kube-apiserver.yaml',
    '/etc/kubernetes/manifests/kube-controller-manager.yaml',
    '/etc/kubernetes/manifests/kube-scheduler.yaml',
    '/etc/kubernetes/manifests/etcd.yaml',
    '/var/lib/kubelet/config.yaml',
    '/var/lib/kubelet/kubeadm-flags.env',
  ])('is reported and not changed: %s', async (path) => {
    const file = host.files[path] as FakeFile & { content: string };
    file.content += '# by hand\n';

    const plan = await planned();

    expect(plan.changes).toEqual([]);
    expect(plan.drift).toMatchObject([{ target: path, diff: expect.stringContaining('-# by hand') }]);
  });

  test.each([
    ['v1 ConfigMap kube-system/kubeadm-config', 'ConfigMap/kube-system/kubeadm-config'],
    ['v1 ConfigMap kube-system/kubelet-config', 'ConfigMap/kube-system/kubelet-config'],
    ['v1 ConfigMap kube-system/kube-proxy', 'ConfigMap/kube-system/kube-proxy'],
    ['v1 ConfigMap kube-system/coredns', 'ConfigMap/kube-system/coredns'],
  ])('is reported and not changed: %s', async (key, target) => {
    const data = host.objects[key]!.data as Record<string, string>;
    data[Object.keys(data)[0]!] += '# by hand\n';

    const plan = await planned();

    expect(plan.changes).toEqual([]);
    expect(plan.drift).toMatchObject([{ target, diff: expect.stringContaining('-') }]);
  });

  test('is shown without what the API server has added or put in another order', async () => {
    const { spec } = host.objects['apps/v1 Deployment kube-system/coredns'] as unknown as {
      spec: { replicas: number; template: { spec: { containers: object[] } } };
    };
    const [container] = spec.template.spec.containers;
    const reversed = Object.fromEntries(Object.entries(container!).reverse());
    spec.template.spec.containers = [{ terminationMessagePath: '/dev/termination-log', ...reversed }];
    spec.replicas = 3;

    const [{ diff = '' } = {}] = (await planned()).drift;

    expect(diff.split('\n').filter((line) => /^[-+] /.test(line))).toEqual(['-  replicas: 3', '+  replicas: 2']);
  });

  test('is no part of what is agreed to', async () => {
    const { hash } = await planned();
    (host.files['/var/lib/kubelet/config.yaml'] as { content: string }).content = 'other\n';

    expect(await planned()).toMatchObject({ hash, drift: [{ target: '/var/lib/kubelet/config.yaml' }] });
  });
});

test('the members that etcd was first started with are no drift', async () => {
  const etcd = host.files['/etc/kubernetes/manifests/etcd.yaml'] as { content: string };
  etcd.content = etcd.content.replace(
    /( +- )--initial-cluster=.*\n/,
    '$1--initial-cluster=cp0=https://10.0.0.10:2380,cp1=https://10.0.0.11:2380\n$1--initial-cluster-state=existing\n',
  );

  expect((await planned()).drift).toEqual([]);
});

function planned() {
  const all = runbookOf(cluster, record).map(({ step, input }): PlannedStep => ({
    name: step,
    step: steps[step] as Step<unknown, unknown>,
    input: input(cluster, record),
  }));
  return planHost(all, hostView(host, { [record.name]: host }));
}
