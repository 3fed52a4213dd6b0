import { contains } from './addresses.js';
import { isControlPlane, isMade, type LookedAt } from './cluster.js';
import type { ClusterSpec } from './spec.js';

export interface VirtualIpFinding {
  host: string;
  check: 'VirtualIP';
  level: 'error';
  message: string;
  hint: string;
}

/** What only all hosts together show of a virtual IP that keepalived is to hold. */
export function virtualIpFindings({ apiServer, networks }: ClusterSpec, looks: LookedAt[]): VirtualIpFinding[] {
  const { virtualIP, keepalived } = apiServer;
  if (!virtualIP || !keepalived) return [];
  const around = networks.controlPlane.filter((cidr) => contains(cidr, virtualIP));
  // Once the cluster has been made, one of its own control planes has the address.
  const others = looks.filter(({ record }) => record && !(isMade(looks) && isControlPlane(record)));
  return [...outsideOf(around, virtualIP, looks), ...taken(virtualIP, others)];
}

/** VRRP moves an address only inside one network segment. */
function outsideOf(cidrs: string[], virtualIP: string, looks: LookedAt[]): VirtualIpFinding[] {
  const controlPlanes = looks.flatMap(({ record }) => (record && isControlPlane(record) ? [record] : []));
  const outside = cidrs.map((cidr) =>
    controlPlanes
      .filter(({ controlPlaneAddress }) => !contains(cidr, controlPlaneAddress))
      .map((host) => ({ cidr, host })),
  );
  const [fewest = []] = outside.sort((one, other) => one.length - other.length);
  return fewest.map(({ cidr, host: { name, controlPlaneAddress } }) =>
    finding(
      name,
      `its control plane address ${controlPlaneAddress} lies outside of ${cidr}, where apiServer.virtualIP ${virtualIP} is`,
      `give it an address in ${cidr}, or set apiServer.keepalived: false and manage the address elsewhere`,
    ),
  );
}

/** One finding, however many control planes see the same. */
function taken(virtualIP: string, looks: LookedAt[]): VirtualIpFinding[] {
  const seenBy = new Map<string, string>();
  for (const { virtualIpHolder, record } of looks)
    if (virtualIpHolder && record && !seenBy.has(virtualIpHolder)) seenBy.set(virtualIpHolder, record.name);
  return [...seenBy].map(([holder, host]) =>
    finding(host, `apiServer.virtualIP ${virtualIP} is taken: ${holder} has it`, 'choose a free one'),
  );
}

function finding(host: string, message: string, hint: string): VirtualIpFinding {
  return { host, check: 'VirtualIP', level: 'error', message, hint };
}
