import { contains, overlaps } from '../../cluster/addresses.js';
import { isNode } from '../../cluster/cluster.js';
import type { PreflightCheck, Problem } from './check.js';
import type { Seen } from './seen.js';

/** What the host's network must be. */
export const networkChecks: PreflightCheck[] = [
  {
    name: 'ControlPlaneAddress',
    mustHold: true,
    look: (seen) => lookAtAddress(seen, 'controlPlane'),
  },
  {
    name: 'WorkloadPlaneAddress',
    mustHold: true,
    look: (seen) => (isNode(seen.host) ? lookAtAddress(seen, 'workloadPlane') : []),
  },
  {
    name: 'NetworkOverlap',
    *look(seen) {
      for (const name of ['pods', 'services'] as const) {
        const cidr = seen.spec.networks[name];
        const hint = `choose other networks.${name}, or remove it`;
        for (const { what, destination } of occupiedNetworks(seen)) {
          if (overlaps(cidr, destination)) yield { message: `networks.${name} ${cidr} overlaps ${what}`, hint };
        }
      }
    },
  },
  {
    name: 'ServiceRoute',
    *look({ system: { routes }, spec: { networks }, host }) {
      if (!isNode(host) || routes.some(({ destination }) => contains(destination, networks.services))) return;
      const message = `there is no route to ${networks.services}: without one the host cannot reach a Service, although kube-proxy would redirect it`;
      yield { message, hint: 'ip route add default via GATEWAY, and in the settings that outlive a reboot' };
    },
  },
  {
    name: 'Nameserver',
    *look({ system: { nameservers }, nameserverAnswers }) {
      const hint = 'name one that answers in /etc/resolv.conf';
      if (!nameservers.length)
        yield { message: 'there is no nameserver in /etc/resolv.conf, so CoreDNS would end', hint };
      else if (!nameserverAnswers) {
        const message = `no answer from ${nameservers.join(', ')}: the kubelet would wait for it again and again`;
        yield { level: 'warning', message, hint };
      }
    },
  },
  {
    name: 'Firewalld',
    level: 'warning',
    *look({ firewalldRuns }) {
      if (firewalldRuns) return;
      const message = 'firewalld does not run, so nothing is opened, and nothing is closed to strangers';
      yield { message, hint: 'systemctl enable --now firewalld; or let docs/firewall.md through what is in its place' };
    },
  },
  {
    name: 'NetworkOnline',
    level: 'warning',
    *look({ system: { networkOnlineWaiters }, units }) {
      if (!networkOnlineWaiters.length || units.includes('network-online.target')) return;
      const message = `the kubelet starts after network-online.target, which ${networkOnlineWaiters.join(', ')} may hold up for minutes`;
      yield {
        message,
        hint: `systemctl start network-online.target shows how long; systemctl mask ${networkOnlineWaiters.join(' ')}`,
      };
    },
  },
];

function* lookAtAddress({ addresses, spec, system }: Seen, plane: 'controlPlane' | 'workloadPlane'): Iterable<Problem> {
  const address = addresses[plane];
  const cidrs = spec.networks[plane];
  if (!address) {
    const seen = system.addresses.filter((each) => each.interface !== 'lo').map((each) => each.address);
    yield {
      message: `no address in networks.${plane} (${cidrs.join(', ')}); the host has ${seen.join(', ') || 'none'}`,
    };
  } else if (!cidrs.some((cidr) => contains(cidr, address))) {
    const message = `keeps ${address}, which was chosen when the cluster was made, although it lies in none of ${cidrs.join(', ')}`;
    yield { level: 'warning', message };
  }
}

function occupiedNetworks(seen: Seen): { what: string; destination: string }[] {
  const { system, spec, isOurs, clusterCa } = seen;
  // Once the cluster stands, these networks are its own, whatever its CNI and kube-proxy call their interfaces; kubeadm reset leaves them there.
  const isOwn = (destination: string) =>
    isOurs &&
    Boolean(clusterCa.present ?? clusterCa.recorded) &&
    [spec.networks.pods, spec.networks.services].some((own) => contains(own, destination));
  const routes = system.routes
    .filter((route) => route.destination !== '0.0.0.0/0' && !isOwn(route.destination))
    .map((route) => ({
      what: `the route to ${route.destination} by ${route.interface}`,
      destination: route.destination,
    }));
  const addresses = system.addresses
    .filter((each) => !isOwn(`${each.address}/32`))
    .map((each) => ({ what: `the address ${each.address} of ${each.interface}`, destination: `${each.address}/32` }));
  // An address almost always comes with a route that says the same.
  return [
    ...routes,
    ...addresses.filter(({ destination }) => !routes.some((route) => contains(route.destination, destination))),
  ];
}
