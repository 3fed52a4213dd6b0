import { addressCount, contains, isAddress, overlaps } from '../addresses.js';
import { defaults } from '../defaults.js';
import { hostsOf, present, type Check, type Draft } from './check.js';

/** Pods and services may overlap neither each other nor a plane; planes may overlap. */
export const networksApart: Check = function* ({ networks = {} }) {
  const { pods, services } = clusterNetworks(networks);
  const planes = (['controlPlane', 'workloadPlane'] as const).flatMap((name) =>
    present(networks[name]).map((cidr) => ({ name, cidr })),
  );
  const pairs = [
    [pods, services] as const,
    ...planes.flatMap((plane) => [[pods, plane] as const, [services, plane] as const]),
  ];
  for (const [one, other] of pairs) {
    if (!overlaps(one.cidr, other.cidr)) continue;
    const message = `networks.${one.name} ${one.cidr} overlaps networks.${other.name} ${other.cidr}`;
    const isDefault = networks[one.name] === undefined;
    yield {
      path: ['networks', one.name],
      message,
      hint: isDefault ? `${one.cidr} is the default; choose another` : 'choose another',
    };
  }
};

/** What no node, pod or Service can have as its address; the kubelet itself refuses to start with one. */
const extraordinary = {
  '0.0.0.0/8': 'stand for no host',
  '127.0.0.0/8': 'never leave a host',
  '169.254.0.0/16': 'are never routed',
  '224.0.0.0/4': 'are for multicast',
};

export const networksOfOrdinaryAddresses: Check = function* ({ networks = {} }) {
  for (const { path, cidr } of writtenNetworks(networks)) {
    for (const [range, reason] of Object.entries(extraordinary)) {
      if (!contains(range, cidr)) continue;
      const message = `networks.${path[0]} ${cidr}: addresses of ${range} ${reason}`;
      yield { path: ['networks', ...path], message, hint: 'such as 10.0.0.0/24' };
    }
  }
};

function writtenNetworks({ controlPlane, workloadPlane, pods, services }: NonNullable<Draft['networks']>) {
  const single = Object.entries({ pods, services }).map(([name, cidr]) => ({ path: [name], cidr }));
  const lists = Object.entries({ controlPlane, workloadPlane }).flatMap(([name, cidrs]) =>
    (cidrs ?? []).map((cidr, index) => ({ path: [name, index], cidr })),
  );
  return [...lists, ...single].flatMap(({ path, cidr }) => (cidr === undefined ? [] : [{ path, cidr }]));
}

/** An address that is also a pod's or a Service's is no longer reached once the cluster runs. */
export const hostsOutsideClusterNetworks: Check = function* (spec) {
  for (const { address, path } of hostsOf(spec)) {
    for (const { name, cidr } of Object.values(clusterNetworks(spec.networks))) {
      if (!address || !isAddress(address) || !contains(cidr, address)) continue;
      yield {
        path: [...path, 'address'],
        message: `${address} lies in networks.${name} ${cidr}`,
        hint: `choose other ${name}`,
      };
    }
  }
};

/** kubeadm's own limits: the 10th Service address is DNS; each node gets a /24 of the pods; etcd keeps a bitmap of the Services. */
export const networksOfUsableSize: Check = function* ({ networks = {} }) {
  const { pods, services } = clusterNetworks(networks);
  if (addressCount(services.cidr) < 16) {
    yield {
      path: ['networks', 'services'],
      message: `networks.services ${services.cidr} is too small`,
      hint: '/28 or larger; /12 is usual',
    };
  }
  if (addressCount(services.cidr) > 2 ** 20) {
    yield {
      path: ['networks', 'services'],
      message: `networks.services ${services.cidr} is too large`,
      hint: '/12 or smaller',
    };
  }
  if (addressCount(pods.cidr) < 256) {
    yield {
      path: ['networks', 'pods'],
      message: `networks.pods ${pods.cidr} is too small`,
      hint: 'each host takes a /24 of it',
    };
  }
  if (addressCount(pods.cidr) > 2 ** 24) {
    yield { path: ['networks', 'pods'], message: `networks.pods ${pods.cidr} is too large`, hint: '/8 or smaller' };
  }
};

export function clusterNetworks(networks: Draft['networks']) {
  return {
    pods: { name: 'pods' as const, cidr: networks?.pods ?? defaults.pods },
    services: { name: 'services' as const, cidr: networks?.services ?? defaults.services },
  };
}
