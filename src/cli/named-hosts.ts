import { TemperError } from '../cluster/errors.js';
import type { ClusterSpec } from '../cluster/spec.js';

/** Throws USAGE when the cluster has no host of one of these names. */
export function mustBeHosts({ name, hosts }: ClusterSpec, names: string[]): void {
  const unknown = names.filter((each) => !hosts.some((host) => host.name === each));
  if (unknown.length === 0) return;
  const hint = `its hosts are ${hosts.map((host) => host.name).join(', ')}`;
  throw new TemperError('USAGE', `${name} has no host ${unknown.join(', ')}`, { hint });
}

/** Throws USAGE when, without these hosts, nothing is left that serves packages, runs the API or keeps its data. */
export function mustRemain(spec: ClusterSpec, without: string[]): void {
  mustBeHosts(spec, without);
  const left = spec.hosts.filter((host) => !without.includes(host.name));
  for (const role of ['bootstrap', 'control-plane', 'etcd'] as const) {
    const has = ({ roles }: ClusterSpec['hosts'][number]) => roles.includes(role);
    if (left.some(has) || !spec.hosts.some(has)) continue;
    throw new TemperError('USAGE', `without ${without.join(', ')} no host has the role ${role}`);
  }
}
