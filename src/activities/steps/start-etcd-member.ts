import type { EtcdPod } from '../../cluster/kubeadm/static-pods.js';
import { paths } from '../../cluster/paths.js';
import type { Change } from '../changes/change.js';
import { probe } from '../probe.js';
import { manifestChanges, readManifest } from '../static-pod.js';
import { defineStep, type HostView } from '../step.js';

/** etcd as a static pod. `--initial-cluster` is what a member was first started with, so its manifest is never written a second time. */
export const startEtcdMember = defineStep({
  title: 'Start the etcd member',
  truth: "the user's",
  read: async ({ facts }, { pod }: EtcdMember) => {
    const [manifest, manifestFolder, dataFolder] = await Promise.all([
      readManifest(facts, 'etcd'),
      facts.file(paths.manifests),
      facts.file(pod.dataDir),
    ]);
    return { manifest, manifestFolder, dataFolder };
  },
  plan: ({ pod }, { manifest, manifestFolder, dataFolder }): Change[] => [
    ...(manifestFolder ? [] : [{ kind: 'directory', path: paths.manifests, mode: '0700' } as const]),
    ...(dataFolder ? [] : [{ kind: 'directory', path: pod.dataDir, mode: '0700' } as const]),
    ...manifestChanges('etcd', pod, manifest),
  ],
  verify: async (host, { pod }) => {
    const { scheme, host: address, port } = pod.probe;
    const server = `${scheme.toLowerCase()}://${address}:${port}`;
    await host.until('etcd to be ready', 240, () => probe(host, server, '/readyz'));
    await host.until('the etcd member to be healthy', 60, () => askMember(host));
  },
});

export interface EtcdMember {
  pod: EtcdPod;
}

/** A proposal that this member commits: what `endpoint health` does. Undefined when it was committed. */
async function askMember({ ask, facts }: HostView): Promise<string | undefined> {
  const container = await facts.container('etcd');
  if (!container) return 'containerd runs no container of etcd';
  const { code, stdout, stderr } = await ask(
    `ctr -n k8s.io tasks exec --exec-id "temper-health-$$" "$1" etcdctl --endpoints=https://127.0.0.1:2379 --cacert="$2/ca.crt" \\
      --cert="$2/healthcheck-client.crt" --key="$2/healthcheck-client.key" endpoint health`,
    container.id,
    `${paths.pki}/etcd`,
  );
  return code === 0 ? undefined : `${stdout}${stderr}`.trim();
}
