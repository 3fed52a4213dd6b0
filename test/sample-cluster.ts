import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { bundleSchema } from '../src/cluster/bundle.js';
import { isControlPlane, isEtcdHost, type Cluster, type HostRecord } from '../src/cluster/cluster.js';
import { completeSpec } from '../src/cluster/complete.js';
import { clusterSchema, type ClusterSpec } from '../src/cluster/spec.js';

/** A small bundle that is really on disk: its files are short texts, its bundle.yaml is whole. */
export const sampleBundle = fileURLToPath(new URL('sample-bundle', import.meta.url));

/** One host, every role; what is not given has its default. `spec` replaces whole keys of `cluster.yaml`'s spec. */
export function sampleCluster(spec: Record<string, unknown> = {}, host: Partial<HostRecord> = {}): Cluster {
  const { files: _, ...bundle } = bundleSchema.parse(parse(readFileSync(join(sampleBundle, 'bundle.yaml'), 'utf8')));
  return {
    spec: sampleSpec(spec),
    bundle,
    hosts: [{ ...sampleHost, ...host }],
    firstControlPlane: host.name ?? sampleHost.name,
    firstEtcdMember: host.name ?? sampleHost.name,
  };
}

/** Many hosts, by their roles: 10.0.0.11, 10.0.0.12 and so on. Several control planes get a virtual IP, held by keepalived. */
export function sampleClusterOf(roles: Record<string, string[]>, spec: Record<string, unknown> = {}): Cluster {
  const hosts = Object.entries(roles).map(([name, hostRoles], index): HostRecord => ({
    ...sampleHost,
    name,
    roles: hostRoles,
    hostname: name,
    controlPlaneAddress: `10.0.0.${11 + index}`,
    workloadPlaneAddress: `10.0.1.${11 + index}`,
  }));
  const controlPlanes = hosts.filter(isControlPlane);
  const apiServer = controlPlanes.length > 1 ? { virtualIP: '10.0.0.100', keepalived: true } : {};
  const listed = hosts.map((host) => ({ name: host.name, address: host.controlPlaneAddress, roles: host.roles }));
  const cluster = sampleCluster({ apiServer, hosts: listed, ...spec });
  const firstControlPlane = controlPlanes[0]!.name;
  return { ...cluster, hosts, firstControlPlane, firstEtcdMember: hosts.find(isEtcdHost)?.name ?? firstControlPlane };
}

export function sampleSpec(spec: Record<string, unknown> = {}): ClusterSpec {
  const document = clusterSchema.parse({
    apiVersion: 'temper/v1alpha1',
    kind: 'Cluster',
    metadata: { name: 'prod' },
    spec: {
      bundle: sampleBundle,
      networks: { controlPlane: ['10.0.0.0/24'], workloadPlane: ['10.0.1.0/24'], cni: 'flannel' },
      ssh: { user: 'ops', knownHosts: '/home/ops/.ssh/known_hosts', sudo: true },
      hosts: [{ name: 'cp1', address: '10.0.0.11', roles: ['bootstrap', 'control-plane'] }],
      ...spec,
    },
  });
  return completeSpec(document, { name: 'cluster.yaml', folder: sampleBundle, home: '/home/ops' });
}

export const sampleHost: HostRecord = {
  name: 'cp1',
  roles: ['bootstrap', 'control-plane'],
  hostname: 'cp1',
  controlPlaneAddress: '10.0.0.11',
  workloadPlaneAddress: '10.0.1.11',
  os: { id: 'debian', versionId: '12', prettyName: 'Debian GNU/Linux 12 (bookworm)', family: 'debian' },
  architecture: 'amd64',
  usesSystemdResolved: false,
  caFolders: ['/etc/ca-certificates', '/usr/share/ca-certificates'],
  firewalldRuns: true,
};
