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
  read: async ({ facts }, { pod, isNode }: EtcdMember) => {
    const [manifest, text, manifestFolder, dataFolder, data] = await Promise.all([
      readManifest(facts, 'etcd'),
      facts.text(manifestPath('etcd')),
      facts.file(paths.manifests),
      facts.file(pod.dataDir),
      facts.file(`${pod.dataDir}/member`),
    ]);
    const isSettled = isNode ? manifest.isSettled : data !== undefined;
    return { manifest: { ...manifest, isSettled }, text, manifestFolder, dataFolder };
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
  /** A host that is to be none has come about as soon as its member has data. */
  isNode: boolean;
}
