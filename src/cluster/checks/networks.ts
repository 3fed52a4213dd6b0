import {
  addressCount,
  contains,
  isAddress,
  networkAround,
  overlaps,
  prefixLength,
  whyExtraordinary,
} from '../addresses.js';
import { isNode } from '../cluster.js';
import { defaults } from '../defaults.js';
import { hostsOf, isRefused, present, type Check, type Draft } from './check.js';

/** Pods and services may overlap neither each other nor a plane; planes may overlap. */
export const networksApart: Check = function* ({ networks = {} }) {
  const own = clusterNetworks(networks);
  const planes = (['controlPlane', 'workloadPlane'] as const).flatMap((name) =>
    present(networks[name]).map((cidr) => ({ name, cidr })),
  );
  const pairs = [
    ...own.slice(1).map((services) => [own[0]!, services] as const),
    ...planes.flatMap((plane) => own.map((one) => [one, plane] as const)),
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

export const networksOfOrdinaryAddresses: Check = function* ({ networks = {} }) {
  for (const { path, cidr } of writtenNetworks(networks)) {
    const reason = whyExtraordinary(cidr);
    if (!reason) continue;
    yield {
      path: ['networks', ...path],
      message: `networks.${path[0]} ${cidr}: ${reason}`,
      hint: 'such as 10.0.0.0/24',
    };
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
    for (const { name, cidr } of clusterNetworks(spec.networks)) {
      if (!address || !isAddress(address) || !contains(cidr, address)) continue;
      yield {
        path: [...path, 'address'],
        message: `${address} lies in networks.${name} ${cidr}`,
        hint: `choose other ${name}`,
      };
    }
  }
};

/** kubeadm's own limits: the 10th Service address is DNS; etcd keeps a bitmap of the Services. */
export const servicesOfUsableSize: Check = function* ({ networks }) {
  const services = clusterNetworks(networks).find(({ name }) => name === 'services');
  if (!services) return;
  const path = ['networks', 'services'];
  const place = `networks.services ${services.cidr}`;
  const size = addressCount(services.cidr);
  if (size < 16) yield { path, message: `${place} is too small`, hint: '/28 or larger; /12 is usual' };
  if (size > 2 ** 20) yield { path, message: `${place} is too large`, hint: '/12 or smaller' };
};

/** kube-controller-manager cuts the pods' network into at most so many parts, a power of two, one a node. */
const mostPartsExponent = 16;

/** A node that comes when no part of the pods' network is left never becomes ready. */
export const podsForEveryNode: Check = function* (spec) {
  const argument = nodeMaskArgument(spec);
  const mask = Number(argument?.value ?? 24);
  if (argument && !(Number.isInteger(mask) && mask >= 1 && mask <= 32)) {
    const message = `node-cidr-mask-size ${argument.value} is no prefix length`;
    yield { path: argument.path, message, hint: 'a whole number up to 32; 24 is usual' };
    return;
  }
  const cidr = clusterNetworks(spec.networks).find(({ name }) => name === 'pods')?.cidr;
  if (!cidr || !allocatesNodeNetworks(spec)) return;
  const exponent = mask - prefixLength(cidr);
  const nodes = hostsOf(spec).filter((host) => host.roles.length > 0 && isNode(host)).length;
  const path = ['networks', 'pods'];
  if (exponent < 0) {
    yield { path, message: `networks.pods ${cidr} is too small`, hint: `each node takes a /${mask} of it` };
  } else if (exponent > mostPartsExponent) {
    yield {
      path,
      message: `networks.pods ${cidr} is too large`,
      hint: `/${mask - mostPartsExponent} or smaller, because each node takes a /${mask} of it`,
    };
  } else if (nodes > 2 ** exponent) {
    const room = 2 ** exponent === 1 ? '1 node' : `${2 ** exponent} nodes`;
    const message = `networks.pods ${cidr} has room for ${room}, the cluster has ${nodes}`;
    const enough = networkAround(cidr, mask - Math.ceil(Math.log2(nodes)));
    yield { path, message, hint: `${enough} or larger, because each node takes a /${mask} of it` };
  }
};

function allocatesNodeNetworks(spec: Draft): boolean {
  return controllerManagerArgument(spec, 'allocate-node-cidrs')?.value !== 'false';
}

function nodeMaskArgument(spec: Draft) {
  return controllerManagerArgument(spec, 'node-cidr-mask-size');
}

/** The last of that name counts. */
function controllerManagerArgument({ kubernetes }: Draft, wanted: string) {
  const section = ['clusterConfiguration', 'controllerManager', 'extraArgs'];
  const extraArgs = kubernetes?.clusterConfiguration?.controllerManager?.extraArgs ?? [];
  const index = extraArgs.findLastIndex((argument) => argument?.name === wanted);
  const value = extraArgs[index]?.value;
  return value === undefined ? undefined : { value, path: ['kubernetes', ...section, index, 'value'] };
}

/** Of pods and Services, with their defaults; one that was refused is left out. */
export function clusterNetworks(networks: Draft['networks']) {
  return (['pods', 'services'] as const)
    .filter((name) => !isRefused(networks, name))
    .map((name) => ({ name, cidr: networks?.[name] ?? defaults[name] }));
}
