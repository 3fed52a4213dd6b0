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

/** Lets this member commit a proposal, as `endpoint health` does; undefined when it did. A container that ended may still be listed. */
async function askMember({ ask }: HostView): Promise<string | undefined> {
  const { code, stdout, stderr } = await ask(
    `for id in $(ctr -n k8s.io containers ls -q 'labels."io.kubernetes.container.name"==etcd'); do
      ctr -n k8s.io tasks exec --exec-id "temper-health-$$" "$id" etcdctl --endpoints=https://127.0.0.1:2379 --cacert="$1/ca.crt" \\
        --cert="$1/healthcheck-client.crt" --key="$1/healthcheck-client.key" endpoint health && exit 0
    done
    exit 1`,
    `${paths.pki}/etcd`,
  );
  return code === 0 ? undefined : `${stdout}${stderr}`.trim() || 'containerd has no container of etcd';
}
