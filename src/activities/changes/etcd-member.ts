import { TemperError } from '../../cluster/errors.js';
import {
  hasCaughtUp,
  isStarted,
  label,
  memberAt,
  neverCameToLife,
  otherLearners,
  quorumRisk,
  type EtcdMember,
} from '../../cluster/etcd-membership.js';
import { paths } from '../../cluster/paths.js';
import { askMembers, etcdctl, ourselves } from '../etcd.js';
import type { EtcdMemberChange } from './change.js';
import { oneByOne } from './kind.js';
import type { Kind } from './kind.js';
import type { Writer } from './writer.js';

/** Before each attempt etcd is asked whether the change has been made already, and whether the quorum bears it. */
export const etcdMember: Kind<EtcdMemberChange> = {
  target: (change) => [change.action, change.name, ...(change.action === 'remove' ? [change.id] : [])].join(' '),
  describe,
  content: ({ peerUrl }) => `<member at ${peerUrl}>`,
  apply: oneByOne(async (writer, change) => {
    let risk: string | undefined;
    // An attempt that was broken off may still be adding it: that one is waited for, and a later one of it refused.
    if (change.action === 'withdraw') await writer.write(describe(change), ':');
    try {
      await writer.until(`etcd to ${change.action} ${change.name}`, patience[change.action], async () => {
        const members = await askMembers(writer.ask);
        if (!members) return 'etcd does not answer';
        if (isMade(members, change)) return undefined;
        risk = quorumRisk(members, change);
        return risk ?? attempt(writer, members, change);
      });
    } catch (error) {
      if (!risk || codeOf(error) !== 'NOT_READY') throw error;
      throw new TemperError('QUORUM_AT_RISK', `${writer.host}: will not ${lowerFirst(describe(change))}: ${risk}`, {
        hint: `mend the member named, then temper retry; etcd's own words: journalctl -u kubelet, /var/log/pods/kube-system_etcd-*`,
        cause: error,
      });
    }
  }),
};

/** Seconds. A member that restarts is back within 30; a learner has to be started by the kubelet first. */
const patience = { remove: 30, add: 30, promote: 240, withdraw: 20 } as const;

function describe(change: EtcdMemberChange): string {
  switch (change.action) {
    case 'remove':
      return `Remove the etcd member ${change.name} (id ${change.id}), whose data is gone; ${change.voters} keep their vote`;
    case 'add':
      return `Add ${change.name} to etcd as a learner`;
    case 'promote':
      return `Give the etcd member ${change.name} its vote${change.voters ? `, the ${ordinal(change.voters)}` : ''}`;
    case 'withdraw':
      return `Remove the learner ${change.name} from etcd, which never started`;
  }
}

function isMade(members: EtcdMember[], change: EtcdMemberChange): boolean {
  const own = memberAt(members, change.peerUrl);
  switch (change.action) {
    case 'remove':
      return members.every(({ id }) => id !== change.id);
    case 'add':
      return own !== undefined;
    case 'promote':
      return own !== undefined && !own.isLearner;
    case 'withdraw':
      return !own || !neverCameToLife(own);
  }
}

/** Undefined when etcd has done it, else why it has not yet. */
async function attempt(writer: Writer, members: EtcdMember[], change: EtcdMemberChange): Promise<string | undefined> {
  switch (change.action) {
    case 'remove':
      return tell(writer, change, ['remove', change.id]);
    case 'add':
      refuseOtherLearner(writer, members, change);
      return tell(writer, change, ['add', change.name, '--learner', `--peer-urls=${change.peerUrl}`]);
    case 'promote': {
      const own = memberAt(members, change.peerUrl);
      if (!own) return `etcd has no member at ${change.peerUrl}`;
      if (!isStarted(own)) return `the member ${label(own)}, has not started`;
      if (!hasCaughtUp(members, own)) return `the member ${label(own)}, has not caught up`;
      return tell(writer, change, ['promote', own.id]);
    }
    case 'withdraw':
      return tell(writer, change, ['remove', memberAt(members, change.peerUrl)!.id]);
  }
}

/** etcd's refusals pass by themselves: until five seconds after a member came back it calls itself an "unhealthy cluster". */
async function tell(writer: Writer, change: EtcdMemberChange, command: string[]): Promise<string | undefined> {
  try {
    await writer.write(describe(change), `${etcdctl}etcdctl "$@"`, { args: [ourselves, 'member', ...command] });
    return undefined;
  } catch (error) {
    if (codeOf(error) !== 'COMMAND_FAILED') throw error;
    return (error as TemperError).message;
  }
}

function refuseOtherLearner(writer: Writer, members: EtcdMember[], { name, peerUrl }: EtcdMemberChange): void {
  const pki = `${paths.pki}/etcd`;
  const [other] = otherLearners(members, peerUrl);
  if (!other) return;
  throw new TemperError(
    'ETCD_LEARNER_LEFT',
    `${writer.host}: etcd admits one learner at a time, so ${name} waits for the one that is ${label(other)}`,
    {
      hint:
        `finish that host's join, or remove the learner on ${writer.host}: ` +
        `ctr -n k8s.io tasks exec --exec-id remove $(ctr -n k8s.io containers ls -q 'labels."io.kubernetes.container.name"==etcd' | tail -n 1) ` +
        `etcdctl --cacert=${pki}/ca.crt --cert=${pki}/server.crt --key=${pki}/server.key member remove ${other.id}`,
    },
  );
}

function codeOf(error: unknown): string | undefined {
  return error instanceof TemperError ? error.code : undefined;
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function ordinal(n: number): string {
  return ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh'][n - 1] ?? `${n}th`;
}
