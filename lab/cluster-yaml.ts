import { stringify } from 'yaml';

import type { Lab } from './lab.js';
import { controlPlaneCidr, virtualIP, workloadPlaneCidr } from './network.js';

/**
 * The cluster.yaml of a lab; by default its first host is all of the cluster. Many control planes get a virtual IP, held by keepalived. Sections
 * of `spec` replace those of the lab's own spec.
 */
export function clusterYaml(lab: Lab, options: ClusterYamlOptions): string {
  const { name = lab.state.prefix, spec = {} } = options;
  const roles = options.roles ?? { [lab.hosts[0]!.name]: ['bootstrap', 'control-plane', 'worker'] };
  const controlPlanes = Object.values(roles).filter((hostRoles) => hostRoles.includes('control-plane'));
  return stringify({
    apiVersion: 'temper/v1alpha1',
    kind: 'Cluster',
    metadata: { name },
    spec: {
      bundle: options.bundle,
      networks: { controlPlane: [controlPlaneCidr], workloadPlane: [workloadPlaneCidr] },
      ...(controlPlanes.length > 1 ? { apiServer: { virtualIP, keepalived: true } } : {}),
      ssh: {
        user: 'ops',
        sudo: true,
        identityFile: lab.identityFile,
        knownHosts: lab.knownHosts,
        proxyCommand: lab.sshProxyCommand,
      },
      hosts: Object.entries(roles).map(([host, hostRoles]) => ({
        name: host,
        address: lab.host(host).address,
        roles: hostRoles,
      })),
      ...settingsOfThisKernel,
      ...spec,
    },
  });
}

/** cp1, cp2 … and w1, w2 …; cp1 is the bootstrap host. Without worker nodes, pods run on the control planes. */
export function rolesFor({ controlPlanes, workers }: ClusterSize): Record<string, string[]> {
  const pods = workers ? [] : ['worker'];
  const roles: Record<string, string[]> = {};
  for (let number = 1; number <= controlPlanes; number++)
    roles[`cp${number}`] = [...(number === 1 ? ['bootstrap'] : []), 'control-plane', ...pods];
  for (let number = 1; number <= workers; number++) roles[`w${number}`] = ['worker'];
  return roles;
}

export interface ClusterSize {
  controlPlanes: number;
  workers: number;
}

export interface ClusterYamlOptions {
  /** Folder of the bundle. */
  bundle: string;
  /** Default: the lab's prefix. */
  name?: string;
  /** By host name. Default: the lab's first host, with all roles that one host can have. */
  roles?: Record<string, string[]>;
  /** Whole sections of `spec`. */
  spec?: Record<string, unknown>;
}

/** What a user of a host with cgroup v1 and without CAP_SYS_RESOURCE writes: the lab's hosts are such. */
export const settingsOfThisKernel = {
  kubernetes: {
    kubeletConfiguration: { failCgroupV1: false },
    // The connection tracking table belongs to the machine, not to a host.
    kubeProxyConfiguration: { mode: 'nftables', conntrack: { maxPerCore: 0 } },
  },
  containerd: {
    config: `version = 3

[plugins.'io.containerd.cri.v1.runtime']
  restrict_oom_score_adj = true
`,
  },
  preflight: { ignore: ['SystemVerification'] },
};
