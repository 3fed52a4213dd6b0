import { contains, edgesOf, isAddress, whyExtraordinary } from '../addresses.js';
import { clusterNetworks } from './networks.js';
import { hostsOf, isRefused, present, type Check, type Draft } from './check.js';

const virtualIpPath = ['apiServer', 'virtualIP'];

export const virtualIpOrEndpoint: Check = function* ({ apiServer = {} }) {
  if (isUnclear(apiServer)) return;
  const { virtualIP, endpoint, keepalived } = apiServer;
  if (virtualIP && endpoint) {
    yield {
      path: ['apiServer', 'endpoint'],
      isKey: true,
      message: 'apiServer has both virtualIP and endpoint',
      hint: 'keep one of them',
    };
  }
  if (virtualIP && keepalived === undefined) {
    const hint = 'true: Temper manages it by keepalived; false: it is managed elsewhere';
    yield { path: virtualIpPath, isKey: true, message: 'apiServer.keepalived must be given with virtualIP', hint };
  }
  if (!virtualIP && keepalived !== undefined) {
    yield {
      path: ['apiServer', 'keepalived'],
      isKey: true,
      message: 'apiServer.keepalived has no meaning without virtualIP',
    };
  }
};

export const virtualIpIsFree: Check = function* (spec) {
  const { virtualIP } = spec.apiServer ?? {};
  if (!virtualIP) return;
  for (const { address, name } of hostsOf(spec)) {
    if (address !== virtualIP) continue;
    yield {
      path: virtualIpPath,
      message: `apiServer.virtualIP ${virtualIP} is the address of host ${name}`,
      hint: 'choose a free one',
    };
  }
  for (const plane of present(spec.networks?.controlPlane)) {
    if (!edgesOf(plane).includes(virtualIP)) continue;
    const message = `apiServer.virtualIP ${virtualIP} is the first or last address of ${plane}, which no host can have`;
    yield { path: virtualIpPath, message, hint: 'choose one between them' };
  }
  for (const { name, cidr } of clusterNetworks(spec.networks)) {
    if (contains(cidr, virtualIP))
      yield { path: virtualIpPath, message: `apiServer.virtualIP ${virtualIP} lies in networks.${name} ${cidr}` };
  }
};

/** Where clients are to find the API servers. */
export const addressesOfClientsAreOrdinary: Check = function* ({ apiServer = {} }) {
  for (const field of ['virtualIP', 'endpoint'] as const) {
    const [address = ''] = apiServer[field]?.split(':') ?? [];
    const reason = isAddress(address) && whyExtraordinary(address);
    if (!reason) continue;
    const message = `apiServer.${field} ${address}: ${reason}`;
    yield { path: ['apiServer', field], message, hint: 'choose one that all hosts and clients reach' };
  }
};

/** Until Kubernetes runs, nobody answers at an address of its own networks. */
export const endpointOutsideClusterNetworks: Check = function* ({ apiServer = {}, networks }) {
  const [address = ''] = apiServer.endpoint?.split(':') ?? [];
  if (!isAddress(address)) return;
  for (const { name, cidr } of clusterNetworks(networks)) {
    if (!contains(cidr, address)) continue;
    yield {
      path: ['apiServer', 'endpoint'],
      message: `apiServer.endpoint ${address} lies in networks.${name} ${cidr}`,
    };
  }
};

/** VRRP moves an address only inside one network segment. */
export const virtualIpOnControlPlane: Check = function* ({ apiServer = {}, networks = {} }) {
  const { virtualIP, keepalived } = apiServer;
  // It may lie in one that was refused.
  if (networks.controlPlane?.includes(undefined)) return;
  const planes = present(networks.controlPlane);
  if (
    !virtualIP ||
    !keepalived ||
    !planes.length ||
    whyExtraordinary(virtualIP) ||
    planes.some((cidr) => contains(cidr, virtualIP))
  )
    return;
  const message = `apiServer.virtualIP ${virtualIP} lies in no network of networks.controlPlane (${planes.join(', ')})`;
  yield { path: virtualIpPath, message, hint: 'keepalived needs it in one that all control planes share' };
};

/** kubeadm writes the endpoint into every node's files, so it cannot be brought in later. */
export const endpointForManyControlPlanes: Check = function* (spec) {
  const { virtualIP, endpoint } = spec.apiServer ?? {};
  const [, second] = hostsOf(spec).filter(({ roles }) => roles.includes('control-plane'));
  if (!second || virtualIP || endpoint || isRefused(spec, 'apiServer') || isUnclear(spec.apiServer)) return;
  const message = 'more than one control plane needs apiServer.virtualIP or apiServer.endpoint';
  yield { path: [...second.path, 'roles'], message, hint: 'clients need one address that leads to all of them' };
};

/** True when something was refused, or is no key at all: nobody knows what it was to be. */
function isUnclear(apiServer: Draft['apiServer'] = {}): boolean {
  return Object.entries(apiServer).some(([key, value]) => key !== 'certSANs' && value === undefined);
}
