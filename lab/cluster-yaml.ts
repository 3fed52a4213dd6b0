import { stringify } from 'yaml';

import type { Lab } from './lab.js';
import { controlPlaneCidr, workloadPlaneCidr } from './network.js';

/** The cluster.yaml of a lab; by default its first host is all of the cluster. Sections of `spec` replace those of the lab's own spec. */
export function clusterYaml(lab: Lab, options: ClusterYamlOptions): string {
  const { name = lab.state.prefix, spec = {} } = options;
  const roles = options.roles ?? { [lab.hosts[0]!.name]: ['bootstrap', 'control-plane', 'worker'] };
  return stringify({
    apiVersion: 'temper/v1alpha1',
    kind: 'Cluster',
    metadata: { name },
    spec: {
      bundle: options.bundle,
      networks: { controlPlane: [controlPlaneCidr], workloadPlane: [workloadPlaneCidr] },
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
