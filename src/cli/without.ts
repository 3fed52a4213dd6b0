import { TemperError } from '../cluster/errors.js';
import type { ClusterSpec } from '../cluster/spec.js';

/** Throws USAGE when, without these hosts, nothing is left that serves packages or runs the API. */
export function mustRemain({ name, hosts }: ClusterSpec, without: string[]): void {
  const unknown = without.filter((each) => !hosts.some((host) => host.name === each));
  const left = hosts.filter((host) => !without.includes(host.name));
  if (unknown.length > 0) {
    const hint = `its hosts are ${hosts.map((host) => host.name).join(', ')}`;
    throw new TemperError('USAGE', `${name} has no host ${unknown.join(', ')}`, { hint });
  }
  for (const role of ['bootstrap', 'control-plane'] as const) {
    if (left.some(({ roles }) => roles.includes(role))) continue;
    throw new TemperError('USAGE', `without ${without.join(', ')} no host has the role ${role}`);
  }
}
