import type { EtcdPod } from '../../cluster/kubeadm/static-pods.js';
import { paths } from '../../cluster/paths.js';
import type { Change } from '../changes/change.js';
import { etcdDrift, untilMemberIsHealthy } from '../etcd.js';
import { manifestChanges, manifestPath, readManifest } from '../static-pod.js';
import { defineStep } from '../step.js';

/** etcd as a static pod. `--initial-cluster` is what a member was first started with, so its manifest is never written a second time. */
export const startEtcdMember = defineStep({
  title: 'Start the etcd member',
  truth: "the user's",
  read: async ({ facts }, { pod }: EtcdMember) => {
    const [manifest, text, manifestFolder, dataFolder] = await Promise.all([
      readManifest(facts, 'etcd'),
      facts.text(manifestPath('etcd')),
      facts.file(paths.manifests),
      facts.file(pod.dataDir),
    ]);
    return { manifest, text, manifestFolder, dataFolder };
  },
  plan: ({ pod }, { manifest, manifestFolder, dataFolder }): Change[] => [
    ...(manifestFolder ? [] : [{ kind: 'directory', path: paths.manifests, mode: '0700' } as const]),
    ...(dataFolder ? [] : [{ kind: 'directory', path: pod.dataDir, mode: '0700' } as const]),
    ...manifestChanges('etcd', pod, manifest),
  ],
  drift: ({ pod }, { manifest, text }) => etcdDrift(pod, manifest, text),
  verify: (host, { pod }) => untilMemberIsHealthy(host, pod),
});

export interface EtcdMember {
  pod: EtcdPod;
}
