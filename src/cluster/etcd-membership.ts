/** A member of etcd, as another one that runs tells of it. */
export interface EtcdMember {
  /** Hexadecimal, as etcdctl prints and takes it. */
  id: string;
  /** Empty until the member has started for the first time. */
  name: string;
  peerUrls: string[];
  clientUrls: string[];
  isLearner: boolean;
  /** What it says of itself; undefined when it does not answer. */
  status?: EtcdStatus;
}

export interface EtcdStatus {
  hasLeader: boolean;
  /** Index of the last entry of Raft's log that it has applied. */
  appliedIndex: number;
  /** Alarms such as NOSPACE and CORRUPT. */
  errors: string[];
}

/** A host that is to be a voting member. */
export interface EtcdCandidate {
  name: string;
  peerUrl: string;
  /** Its data directory holds what a member has written: it has started, and can only be the member that it was. */
  hasData: boolean;
}

/** One change of etcd's membership. `id` and `voters`, the number of voting members afterwards, are known once etcd runs. */
export type MembershipChange =
  | { action: 'remove'; id: string; voters: number }
  | { action: 'add' }
  | { action: 'promote'; voters?: number }
  | { action: 'withdraw' };

/**
 * What is left to do until `candidate` votes, in order. A learner has no vote, so nothing before its promotion touches the quorum, and an attempt
 * that broke off is recognised by its peer URL. `members` undefined: etcd does not run yet, or does not answer.
 */
export function changesUntilVoting(
  members: readonly EtcdMember[] | undefined,
  candidate: EtcdCandidate,
): MembershipChange[] {
  if (!members) return candidate.hasData ? [] : [{ action: 'add' }, { action: 'promote' }];
  const stale = staleMembers(members, candidate);
  const kept = members.filter((member) => !stale.includes(member));
  const own = memberAt(kept, candidate.peerUrl);
  const voters = votersOf(kept).length;
  return [
    ...stale.map(({ id }) => ({ action: 'remove', id, voters }) as const),
    ...(own ? [] : [{ action: 'add' } as const]),
    ...(own && !own.isLearner ? [] : [{ action: 'promote', voters: voters + 1 } as const]),
  ];
}

export function memberAt(members: readonly EtcdMember[], peerUrl: string): EtcdMember | undefined {
  return members.find(({ peerUrls }) => peerUrls.includes(peerUrl));
}

/** Members that only the host's lost disk could have continued: it was replaced by an empty one of the same name or address. */
function staleMembers(members: readonly EtcdMember[], { name, peerUrl, hasData }: EtcdCandidate): EtcdMember[] {
  if (hasData) return [];
  return members.filter((member) =>
    member.peerUrls.includes(peerUrl) ? isStarted(member) : isStarted(member) && member.name === name,
  );
}

export function isStarted({ name }: EtcdMember): boolean {
  return name !== '';
}

/** Added and nothing more: it has no vote, and nothing of it is on any disk. */
export function neverCameToLife(member: EtcdMember): boolean {
  return member.isLearner && !isStarted(member);
}

/** Value of `--initial-cluster` for a member that was added: in etcd's order; who has not started yet goes by its id, as with kubeadm. */
export function initialCluster(members: readonly EtcdMember[], own: { name: string; peerUrl: string }): string {
  return members
    .map((member) => {
      const name = member.peerUrls.includes(own.peerUrl) ? own.name : member.name || member.id;
      return `${name}=${member.peerUrls[0]}`;
    })
    .join(',');
}

/** Why this change could cost etcd its quorum now, or must fail; undefined when it may be made. */
export function quorumRisk(members: readonly EtcdMember[], change: MembershipChange): string | undefined {
  const voters = votersOf(members);
  const away = voters.filter((voter) => !isHealthy(voter, members));
  const healthy = voters.length - away.length;
  const names = away.length > 0 ? ` (not ${away.map(label).join(', ')})` : '';
  const count = `${healthy} of ${voters.length} voting members of etcd are healthy${names}`;
  if (healthy < quorumOf(voters.length)) return `${count}: it has no quorum`;
  switch (change.action) {
    case 'add':
      // etcd's own rule (`--strict-reconfig-check`): it admits nobody, not even a learner, while a voting member is away.
      return away.length > 0 ? `${count}: it admits nobody until all are` : undefined;
    case 'promote':
      return healthy + 1 < quorumOf(voters.length + 1) ? `${count}: too few for one more vote` : undefined;
    case 'remove': {
      const leaving = members.find(({ id }) => id === change.id);
      if (!leaving || leaving.isLearner) return undefined;
      if (!away.includes(leaving)) return `${label(leaving)} is alive, although this host has no data of it`;
      return healthy < quorumOf(voters.length - 1) ? `${count}: too few for the loss of one` : undefined;
    }
    case 'withdraw':
      return undefined;
  }
}

/** Why etcd would have no quorum if nobody looked after the member at `peerUrl` any more; undefined when it would have one. */
export function quorumRiskWithout(members: readonly EtcdMember[], peerUrl: string): string | undefined {
  const voters = votersOf(members);
  const left = voters.filter((voter) => isHealthy(voter, members) && !voter.peerUrls.includes(peerUrl));
  if (left.length >= quorumOf(voters.length)) return undefined;
  return `without it ${left.length} of ${voters.length} voting members of etcd are healthy, and it needs ${quorumOf(voters.length)}`;
}

/** Learners of other hosts: etcd takes one at a time. */
export function otherLearners(members: readonly EtcdMember[], peerUrl: string): EtcdMember[] {
  return members.filter((member) => member.isLearner && !member.peerUrls.includes(peerUrl));
}

/** As etcd's readyPercentThreshold: a learner that has nine tenths of the log may vote. */
export function hasCaughtUp(members: readonly EtcdMember[], learner: EtcdMember): boolean {
  const furthest = Math.max(...members.map(({ status }) => status?.appliedIndex ?? 0));
  return learner.status !== undefined && learner.status.appliedIndex >= 0.9 * furthest;
}

export function label({ id, name, peerUrls }: EtcdMember): string {
  return `${name || 'not started'} at ${peerUrls[0]}, id ${id}`;
}

function votersOf(members: readonly EtcdMember[]): EtcdMember[] {
  return members.filter(({ isLearner }) => !isLearner);
}

/** One that alone sees no leader is cut off from the others; when none sees one, it is the others who are away. */
function isHealthy({ status }: EtcdMember, members: readonly EtcdMember[]): boolean {
  if (!status || status.errors.length > 0) return false;
  return status.hasLeader || !members.some((member) => member.status?.hasLeader);
}

function quorumOf(voters: number): number {
  return Math.floor(voters / 2) + 1;
}
