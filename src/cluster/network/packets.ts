import type { Cluster } from '../cluster.js';
import type { NetworkSeen, Plane, Problem } from './seen.js';
import { hasAddress } from './targets.js';

/**
 * Whether full packets get through. Tried end to end by pings that must not be cut: an ICMP echo needs no listener and no opening, proves both
 * directions at once, and firewalld answers it by default. Only a packet that is lost without a word is an error, and only while smaller
 * ones are answered: a router that says "too big" is obeyed by TCP, and a host that answers no ping at all says nothing about sizes.
 */
export function* packetProblems(cluster: Cluster, { listening, reached }: NetworkSeen): Iterable<Problem> {
  for (const plane of ['controlPlane', 'workloadPlane'] as const) {
    const links = listening.flatMap(({ host, links }) => (links[plane] ? [{ host, ...links[plane] }] : []));
    const usual = mostFrequent(links.map(({ mtu }) => mtu));
    for (const { host, interface: name, mtu } of links.filter((link) => link.mtu !== usual)) {
      const message = `${name} has MTU ${mtu}, the other hosts of the ${words[plane]} ${usual}`;
      const hint = `ip link set ${name} mtu ${usual}, and in the settings that outlive a reboot`;
      yield { host, check: 'LinkMTU', level: 'warning', message, hint };
    }
  }
  // A packet and its echo go the same way in both directions, so a pair is said once.
  const said = new Set<string>();
  for (const { host, narrow } of reached) {
    for (const { address, size, passed } of narrow) {
      const peer = cluster.hosts.find((each) => hasAddress(each, address))?.name ?? address;
      if (said.has([peer, host].join())) continue;
      said.add([host, peer].join());
      const message = `packets of ${size} bytes to ${peer} (${address}) are lost on the way, of ${passed} bytes not`;
      const hint = `let the network carry ${size} bytes, or set the MTU of both links to ${passed}`;
      yield { host, check: 'PathMTU', message, hint };
    }
  }
}

const words: Record<Plane, string> = { controlPlane: 'control plane', workloadPlane: 'workload plane' };

function mostFrequent(values: number[]): number | undefined {
  const count = (value: number) => values.filter((each) => each === value).length;
  return values.toSorted((a, b) => count(b) - count(a))[0];
}
