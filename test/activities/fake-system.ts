import { createHash } from 'node:crypto';
import type { SystemFact } from '../../src/activities/facts/facts.js';
import type { HostRecord } from '../../src/cluster/cluster.js';

/** A fresh Debian 12 host with an address on each plane. */
export const bareSystem: SystemFact = {
  hostname: 'cp1',
  machineId: '5f9b1c0d2e3a4b5c6d7e8f9012345678',
  bootId: '0b7e9d3c-6c1e-4a55-9a5e-2f3f5a0d7c11',
  os: { id: 'debian', idLike: '', versionId: '12', prettyName: 'Debian GNU/Linux 12 (bookworm)' },
  kernel: '6.1.0-40-amd64',
  architecture: 'amd64',
  cpus: 2,
  memoryMiB: 4096,
  swap: [],
  addresses: [
    { interface: 'lo', address: '127.0.0.1', prefixLength: 8, primary: true },
    { interface: 'eth0', address: '10.0.0.11', prefixLength: 24, primary: true },
    { interface: 'eth1', address: '10.0.1.11', prefixLength: 24, primary: true },
  ],
  routes: [
    { destination: '0.0.0.0/0', interface: 'eth0', gateway: '10.0.0.1' },
    { destination: '10.0.0.0/24', interface: 'eth0' },
    { destination: '10.0.1.0/24', interface: 'eth1' },
  ],
  listening: [{ protocol: 'tcp', address: '0.0.0.0', port: 22, process: 'sshd' }],
  nameservers: ['10.0.0.1'],
  cgroup: 'v2',
  clockSeconds: Date.parse('2026-01-01T01:00:00Z') / 1000,
  freeMiB: [{ path: '/var/lib', free: 40_000 }],
  selinux: 'disabled',
  programs: ['ip', 'mount', 'sysctl'],
  usesSystemdResolved: false,
  caFolders: ['/etc/ca-certificates', '/usr/share/ca-certificates'],
  networkOnlineWaiters: [],
};

/** The same, for the host of a record. */
export function systemOf({ hostname, controlPlaneAddress, workloadPlaneAddress }: HostRecord): SystemFact {
  const [loopback, control, workload] = bareSystem.addresses;
  return {
    ...bareSystem,
    hostname,
    machineId: createHash('md5').update(hostname).digest('hex'),
    addresses: [
      loopback!,
      { ...control!, address: controlPlaneAddress },
      { ...workload!, address: workloadPlaneAddress },
    ],
  };
}
