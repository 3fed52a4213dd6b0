import type { Cluster } from '../cluster.js';
import { defaults } from '../defaults.js';
import { portOf, portTable, rowsOf } from '../ports.js';
import { hostsOf, isRefused, type Check, type Draft } from './check.js';

export const repositoryPortIsFree: Check = function* (spec) {
  const own = spec.repository?.port;
  if (own === undefined) return;
  const sshPorts = hostsOf(spec)
    .filter(({ roles }) => roles.includes('bootstrap'))
    .map((host) => sshPortOf(spec, host).port);
  const taken = [...portTable, ...sshPorts.map((port) => ({ service: 'SSH', port: `${port}/tcp` }))];
  const other = taken.find(({ port }) => port === `${own}/tcp`);
  if (!other) return;
  yield {
    path: ['repository', 'port'],
    message: `repository.port ${own} belongs to ${other.service}`,
    hint: 'choose another',
  };
};

/** Where sshd listens nothing else can. What is written once for all hosts is said once. */
export const sshPortsAreFree: Check = function* (spec) {
  const cluster = portsDecidedBy(spec);
  const told = new Set<string>();
  for (const host of hostsOf(spec)) {
    const { port, path = [] } = sshPortOf(spec, host);
    const row = rowsOf(cluster, host).find((each) => {
      const listens = portOf(each, cluster);
      return listens.protocol === 'tcp' && listens.port === port;
    });
    // Where repository.port was written it is the one to change.
    const isTold =
      told.has(path.join()) || (row?.service === 'registry' && spec.repository && 'port' in spec.repository);
    if (!row || path.length === 0 || isTold) continue;
    told.add(path.join());
    const place = path.length > 2 ? `hosts[${host.index}].ssh.port` : 'ssh.port';
    const message = `${place} ${port} belongs to ${row.service}`;
    yield {
      path,
      message,
      hint: row.service === 'registry' ? 'choose another, or another repository.port' : 'choose another',
    };
  }
};

/** The port that SSH reaches the host at, and where it was written. Undefined when that was refused. */
export function sshPortOf(spec: Draft, { ssh, path }: ReturnType<typeof hostsOf>[number]) {
  if (isRefused(ssh, 'port')) return {};
  if (ssh?.port !== undefined) return { port: ssh.port, path: [...path, 'ssh', 'port'] };
  if (isRefused(spec.ssh, 'port')) return {};
  if (spec.ssh?.port !== undefined) return { port: spec.ssh.port, path: ['ssh', 'port'] };
  return { port: defaults.sshPort };
}

/** Of a network add-on that only the bundle knows no port is known. */
function portsDecidedBy(spec: Draft): Pick<Cluster, 'spec' | 'bundle'> {
  const decided = {
    hosts: hostsOf(spec),
    networks: { cni: spec.networks?.cni },
    apiServer: { keepalived: spec.apiServer?.keepalived },
    repository: { port: spec.repository?.port ?? defaults.repositoryPort },
    salt: { enabled: spec.salt?.enabled ?? true },
  };
  return { spec: decided, bundle: { cni: [] } } as unknown as Pick<Cluster, 'spec' | 'bundle'>;
}
