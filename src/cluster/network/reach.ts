import type { Cluster, HostRecord } from '../cluster.js';
import { portsOf } from '../ports.js';
import type { Listening, NetworkSeen, Problem, Reached } from './seen.js';
import { hasAddress, sshOf } from './targets.js';

/**
 * Whether every host reaches what the port table opens to it. Before the bootstrap small listeners stand on the ports that will be used; on a
 * host of the cluster the services themselves answer. A dial says nothing about the network while firewalld on the other host is yet to be
 * opened, so there nobody listens and nothing is dialled: these ways are tried when the openings are there. What is left are hosts
 * without firewalld and ports that are open already, and there whoever does not get through is stopped by something that Temper will not mend:
 * an error. Elsewhere ping and SSH tell whether the other host is there at all; as both may be blocked on purpose, silence is a warning.
 */
export function* reachProblems(cluster: Cluster, { reached, listening, stood }: NetworkSeen): Iterable<Problem> {
  for (const each of reached) {
    const { host } = each;
    if (each.untried) {
      const message = `its ways to the other hosts were not tried: ${each.untried}`;
      yield { host, check: 'NetworkProbe', level: 'warning', message, hint: 'perl -v' };
    }
    for (const peer of cluster.hosts.filter(({ name }) => name !== host)) {
      yield* closedWays(
        cluster,
        credible(
          each,
          listening.find((other) => other.host === peer.name),
          stood,
        ),
        peer,
      );
      if (isSilent(cluster, each, peer)) {
        const message = `${peer.name} (${peer.controlPlaneAddress}) answers neither ping nor SSH from here`;
        yield { host, check: 'PeerReachable', level: 'warning', message, hint: `ping ${peer.controlPlaneAddress}` };
      }
    }
  }
}

/** A service may restart meanwhile, and a listener may end before a slow host has dialled: then a refusal is the host's own. */
function credible(reached: Reached, peer: Listening | undefined, stood: string[]): Reached {
  const restarts = ({ seen }: Reached['failed'][number]) => peer?.by === 'services' && seen === 'refused';
  const isGone = peer?.by === 'listener' && !stood.includes(peer.host);
  return { ...reached, failed: isGone ? [] : reached.failed.filter((failure) => !restarts(failure)) };
}

function* closedWays(cluster: Cluster, { host, failed }: Reached, peer: HostRecord): Iterable<Problem> {
  for (const { target, seen } of failed) {
    const [address = '', port] = target.split(':');
    if (target === sshOf(cluster, peer) || !hasAddress(peer, address)) continue;
    const row = portsOf(cluster, peer).find((each) => each.port === Number(port));
    const message = `it cannot reach ${peer.name} on ${target} (${row?.service ?? 'unknown'}): ${says[seen]}`;
    const hint = `let ${port}/tcp through to ${peer.name}, in the network or in a firewall other than firewalld`;
    yield { host, check: `PeerPort-${port}`, message, hint };
  }
}

const says: Record<Reached['failed'][number]['seen'], string> = {
  refused: 'refused, although somebody listens there',
  unreachable: 'no way there, or it is forbidden',
  silent: 'no answer',
};

function isSilent(cluster: Cluster, { failed, unanswered }: Reached, peer: HostRecord): boolean {
  const ssh = failed.find(({ target }) => target === sshOf(cluster, peer));
  return unanswered.includes(peer.controlPlaneAddress) && ssh?.seen === 'silent';
}
