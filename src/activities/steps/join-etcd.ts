import { changesUntilVoting, initialCluster, isStarted, memberAt } from '../../cluster/etcd-membership.js';
import type { EtcdMember } from '../../cluster/etcd-membership.js';
import { TemperError } from '../../cluster/errors.js';
import { membersPlaceholder, type EtcdPod } from '../../cluster/kubeadm/static-pods.js';
import { paths } from '../../cluster/paths.js';
import type { Change } from '../changes/change.js';
import { askMembers, etcdDrift, untilMemberIsHealthy } from '../etcd.js';
import { manifestPath, readManifest } from '../static-pod.js';
import { defineStep, type HostTarget } from '../step.js';

/**
 * A saga: a stale member of this host leaves, the host is added as a learner, starts, catches up and gets its vote. Whoever begins again finds the
 * member by its peer URL and goes on from there, so nothing is undone when a run is aborted: a learner has no vote.
 */
export const joinEtcd = defineStep({
  title: 'Join the etcd cluster',
  truth: 'made once',
  read: async (host, { pod, member }: EtcdJoin) => {
    const there = await host.elsewhere(member);
    const { facts } = host;
    const [members, manifest, manifestFile, manifestFolder, dataFolder, data] = await Promise.all([
      askMembers((script, { args = [] } = {}) => there.ask(script, ...args)),
      facts.text(manifestPath('etcd')),
      readManifest(facts, 'etcd'),
      facts.file(paths.manifests),
      facts.file(pod.dataDir),
      facts.file(`${pod.dataDir}/member`),
    ]);
    return { members, manifest, manifestFile, manifestFolder, dataFolder, hasData: data !== undefined };
  },
  plan: (input, facts): Change[] => {
    const { pod, name, peerUrl, member } = input;
    const { members, manifestFolder, dataFolder, hasData } = facts;
    if (hasData && members && !memberAt(members, peerUrl)) throw foreignData(input);
    const changes = changesUntilVoting(members, { name, peerUrl, hasData }).map(
      (change) =>
        ({ kind: 'elsewhere', host: member, change: { kind: 'etcdMember', name, peerUrl, ...change } }) as const,
    );
    const isPromotion = ({ change: { action } }: (typeof changes)[number]) => action === 'promote';
    return [
      ...(manifestFolder ? [] : [{ kind: 'directory', path: paths.manifests, mode: '0700' } as const]),
      ...(dataFolder ? [] : [{ kind: 'directory', path: pod.dataDir, mode: '0700' } as const]),
      ...changes.filter((change) => !isPromotion(change)),
      ...(lacksManifest(input, facts)
        ? [{ kind: 'etcdManifest', path: manifestPath('etcd'), pod, name, peerUrl, member } as const]
        : []),
      ...changes.filter(isPromotion),
    ];
  },
  drift: ({ pod }, { manifest, manifestFile }) => etcdDrift(pod, manifestFile, manifest),
  verify: (host, { pod }) => untilMemberIsHealthy(host, pod),
});

export interface EtcdJoin {
  /** `joiningEtcdPod`. */
  pod: EtcdPod;
  name: string;
  peerUrl: string;
  /** The one whose etcd is asked and told. */
  member: HostTarget;
}

interface EtcdFacts {
  members?: EtcdMember[];
  /** Text of etcd's manifest. */
  manifest?: string;
  hasData: boolean;
}

/** What a member was first started with is never written again; until then the manifest has to name the members that there are. */
function lacksManifest({ pod, name, peerUrl }: EtcdJoin, { members, manifest, hasData }: EtcdFacts): boolean {
  if (manifest === undefined) return true;
  if (hasData || !members || !pod.args.some((argument) => argument.includes(membersPlaceholder))) return false;
  const own = memberAt(members, peerUrl);
  const isAdded = own && !isStarted(own);
  return !isAdded || !manifest.includes(`=${initialCluster(members, { name, peerUrl })}\n`);
}

function foreignData({ pod, name, peerUrl, member }: EtcdJoin): TemperError {
  return new TemperError(
    'HOST_HAS_OTHER_CLUSTER',
    `${name}: ${pod.dataDir} holds the data of a member of etcd, but the one on ${member.name} has none at ${peerUrl}`,
    { hint: `on ${name}: rm /etc/kubernetes/manifests/etcd.yaml; mv ${pod.dataDir} ${pod.dataDir}.old` },
  );
}
