import {
  changesUntilVoting,
  initialCluster,
  isStarted,
  memberAt,
  neverCameToLife,
  type EtcdMember,
} from '../../cluster/etcd-membership.js';
import { TemperError } from '../../cluster/errors.js';
import { membersPlaceholder, type EtcdPod } from '../../cluster/kubeadm/static-pods.js';
import { paths } from '../../cluster/paths.js';
import type { Change } from '../changes/change.js';
import { askMembers, etcdDrift, untilMemberIsHealthy } from '../etcd.js';
import { manifestPath, readManifest } from '../static-pod.js';
import { defineStep, type HostTarget, type HostView } from '../step.js';

/**
 * A saga: a stale member of this host leaves, the host is added as a learner, starts, catches up and gets its vote. Whoever begins again finds the
 * member by its peer URL and goes on from there. An abort takes back a learner that never started, so that it is in nobody's way; one that has
 * started has no vote, and waits for the next run.
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
      facts.file(dataOf(pod)),
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
  undo: async (host, { pod, name, peerUrl, member }): Promise<Change[]> => {
    const there = await host.elsewhere(member);
    const members = await askMembers((script, { args = [] } = {}) => there.ask(script, ...args));
    if (!members) {
      throw new TemperError(
        'NOT_READY',
        `${member.name}: etcd does not answer; it may keep the learner ${name} at ${peerUrl}`,
      );
    }
    const own = memberAt(members, peerUrl);
    if (own && !neverCameToLife(own)) return [];
    const { hasManifest, hasData } = await leftOn(host, pod);
    // It has begun, and etcd may hear from it at any moment.
    if (hasData) return [];
    return [
      ...(hasManifest ? [{ kind: 'absent', path: manifestPath('etcd') } as const] : []),
      { kind: 'elsewhere', host: member, change: { kind: 'etcdMember', name, peerUrl, action: 'withdraw' } },
    ];
  },
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

/** What the join has come to on the host itself; of one that does not answer nothing is known but what etcd says. */
async function leftOn({ facts }: HostView, pod: EtcdPod): Promise<{ hasManifest: boolean; hasData: boolean }> {
  try {
    const [manifest, data] = await Promise.all([facts.file(manifestPath('etcd')), facts.file(dataOf(pod))]);
    return { hasManifest: manifest !== undefined, hasData: data !== undefined };
  } catch (error) {
    if (!(error instanceof TemperError) || !error.code.startsWith('SSH_')) throw error;
    return { hasManifest: false, hasData: false };
  }
}

/** The log of a member is there as soon as the others have let it in; what else is in its directory, etcd makes before it asks them. */
function dataOf({ dataDir, args }: EtcdPod): string {
  const given = args.findLast((argument) => argument.startsWith('--wal-dir='));
  return given?.slice('--wal-dir='.length) ?? `${dataDir}/member/wal`;
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
