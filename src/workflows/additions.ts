import type { HostFinding, HostLook } from '../activities/calls.js';
import { isMade } from '../cluster/cluster.js';

/** The hosts that Temper has written to before, and of the others those that `add` names. */
export function membersAnd<Look extends NamedLook>(add: string[], looks: Look[]): Look[] {
  return looks.filter(({ name, generation }) => generation > 0 || add.includes(name));
}

/** A cluster that was not made yet takes nobody in: which host makes it is not said by the name of one that joins. */
export function nothingToJoinFindings(looks: NamedLook[], [host = '']: string[]): HostFinding[] {
  if (isMade(looks)) return [];
  const message = 'no control plane of cluster.yaml has the CA of this cluster, so there is nothing to join';
  return [{ host, check: 'CLUSTER_MISSING', level: 'error', message, hint: 'temper bootstrap makes the cluster' }];
}

type NamedLook = HostLook & { name: string };
