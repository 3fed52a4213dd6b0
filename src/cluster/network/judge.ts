import type { Cluster } from '../cluster.js';
import { diskProblems } from './disk.js';
import { identityProblems } from './identity.js';
import { packetProblems } from './packets.js';
import { reachProblems } from './reach.js';
import type { NetworkFinding, NetworkSeen, Problem } from './seen.js';
import { virtualRouterProblems } from './virtual-router.js';

type NetworkCheck = (cluster: Cluster, seen: NetworkSeen) => Iterable<Problem>;

/** Every check over all hosts, in the order in which its findings are shown. */
const checks: NetworkCheck[] = [identityProblems, reachProblems, packetProblems, virtualRouterProblems, diskProblems];

/**
 * All that speaks against the hosts as one network. An error ends the run, so each is certain: what may have another reason, such as a
 * firewall that is yet to be opened, is a warning or is not said. `preflight.ignore` turns an error into a warning.
 */
export function judgeNetwork(cluster: Cluster, seen: NetworkSeen): NetworkFinding[] {
  const ignored = cluster.spec.preflight.ignore.map((name) => name.toLowerCase());
  const isIgnored = (check: string) => ignored.includes('all') || ignored.includes(check.toLowerCase());
  return checks.flatMap((check) =>
    [...check(cluster, seen)].map(({ mustHold, level, ...problem }): NetworkFinding => {
      const isWarning = level === 'warning' || (!mustHold && isIgnored(problem.check));
      return { ...problem, level: isWarning ? 'warning' : 'error' };
    }),
  );
}
