import type { HostRecord } from '../../cluster/cluster.js';
import type { Seen } from './seen.js';

/** What will be known of the host from now on; undefined while it has no address on one of the planes. */
export function recordOf({ host, addresses, system, firewalldRuns }: Seen): HostRecord | undefined {
  const { controlPlane, workloadPlane } = addresses;
  if (!controlPlane || !workloadPlane) return undefined;
  const { id, versionId, prettyName } = system.os;
  return {
    name: host.name,
    roles: host.roles,
    hostname: system.hostname.toLowerCase(),
    controlPlaneAddress: controlPlane,
    workloadPlaneAddress: workloadPlane,
    os: { id, versionId, prettyName, family: osFamily(system.os) },
    architecture: system.architecture,
    usesSystemdResolved: system.usesSystemdResolved,
    caFolders: system.caFolders,
    firewalldRuns,
  };
}

/** os-release(5): an ID, and the IDs that it is like, nearest first. */
export function osFamily({ id: own, idLike }: Pick<Seen['system']['os'], 'id' | 'idLike'>): HostRecord['os']['family'] {
  for (const id of [own, ...idLike.split(' ')]) {
    if (['debian', 'ubuntu'].includes(id)) return 'debian';
    if (['rhel', 'fedora', 'centos'].includes(id)) return 'rhel';
  }
  return 'other';
}
