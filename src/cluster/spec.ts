import { z } from 'zod';
import { explainAddress, explainCidr } from './addresses.js';
import { defaults } from './defaults.js';
import { explained } from './explained.js';
import { clusterConfigurationOverrides } from './kubeadm/cluster-configuration-overrides.js';
import { kubeProxyConfigurationSchema, kubeletConfigurationSchema } from './kubeadm/component-documents.js';
import {
  explainBastion,
  explainBundle,
  explainClusterName,
  explainEndpoint,
  explainHostAddress,
  explainLocalText,
  explainNodeName,
  explainSan,
  explainUser,
} from './names.js';

/** What the user wrote, parsed and completed: every default is filled in, every path is absolute, every host has all its SSH settings. */
export type ClusterSpec = Omit<Written['spec'], 'hosts' | 'ssh' | 'networks'> & {
  name: string;
  networks: Written['spec']['networks'] & { workloadPlane: string[] };
  hosts: HostSpec[];
};
export type HostSpec = Omit<Written['spec']['hosts'][number], 'ssh'> & { ssh: SshSpec };

/** How to reach a host. With its name and address it is what `HostTarget` asks for. */
export type SshSpec = SshWritten & { user: string; port: number; knownHosts: string; sudo: boolean };

/** `cluster.yaml` as far as its form goes; what its parts mean to each other is checked by `parseCluster`. */
export type Written = z.output<typeof clusterSchema>;
export type SshWritten = z.output<typeof sshSchema>;

const address = explained(explainAddress).meta({ format: 'ipv4', description: 'IPv4 address, such as 10.0.0.11.' });
const cidr = explained(explainCidr).meta({
  pattern: '^\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}$',
  description: 'IPv4 network, such as 10.0.0.0/24.',
});
const localPath = explained(explainLocalText, z.string().min(1));
const port = z.int().min(1).max(65535);

// No defaults here, because a host's settings are laid over the cluster's: a default of the one would hide a value of the other.
const sshSchema = z.strictObject({
  user: explained(explainUser, z.string().min(1))
    .optional()
    .describe(`User to log in as. Default: ${defaults.sshUser}.`),
  port: port.optional().describe(`Port of the SSH server. Default: ${defaults.sshPort}.`),
  identityFile: localPath.optional().describe('Private key without a passphrase. Default: ask the SSH agent.'),
  knownHosts: localPath
    .optional()
    .describe(`known_hosts file that has the host keys. Default: ${defaults.knownHosts}.`),
  sudo: z
    .boolean()
    .optional()
    .describe('Become root by sudo, without a password. Default: true unless the user is root.'),
  bastion: explained(explainBastion).optional().describe('Host to jump through: [user@]host[:port].'),
  proxyCommand: explained(explainLocalText, z.string().min(1))
    .optional()
    .describe('Command whose standard input and output are the connection, with %h, %p and %r as in ssh_config(5).'),
});

const hostSchema = z.strictObject({
  name: explained(explainNodeName).describe('Name of the Kubernetes node, and of the host in every message.'),
  address: explained(explainHostAddress).describe('IPv4 address or DNS name that SSH connects to.'),
  roles: z
    .array(z.enum(['bootstrap', 'control-plane', 'worker', 'etcd']))
    .min(1)
    .describe(
      'bootstrap serves images and packages; control-plane and worker together: no taint; etcd: runs etcd and is no node.',
    ),
  labels: z.record(z.string(), z.string()).default({}).describe('Labels of the Kubernetes node.'),
  ssh: sshSchema.prefault({}).describe("Settings of this host's SSH that differ from spec.ssh."),
});

const networksSchema = z.strictObject({
  controlPlane: z
    .array(cidr)
    .min(1)
    .describe(
      'Networks of the control plane, tried in order: the first that a host has an address in gives its address.',
    ),
  workloadPlane: z
    .array(cidr)
    .min(1)
    .optional()
    .describe('Networks of pod traffic between hosts. Default: as controlPlane.'),
  pods: cidr.default(defaults.pods).describe('Network that pods get their addresses from, such as 10.233.0.0/16.'),
  services: cidr
    .default(defaults.services)
    .describe('Network that Services get their addresses from, such as 10.96.0.0/12.'),
  cni: z.enum(['calico', 'flannel', 'none']).optional().describe('Network add-on. Default: what the bundle carries.'),
});

const apiServerSchema = z.strictObject({
  virtualIP: address.optional().describe('Address that always leads to a healthy API server.'),
  keepalived: z.boolean().optional().describe('Must be given with virtualIP. false: the address is managed elsewhere.'),
  endpoint: explained(explainEndpoint)
    .optional()
    .describe(
      'Instead of virtualIP: name or address, with or without port, of a load balancer that is managed elsewhere.',
    ),
  certSANs: z
    .array(explained(explainSan))
    .default([])
    .describe("More names and addresses for the API server's certificate."),
});

const kubernetesSchema = z.strictObject({
  clusterConfiguration: clusterConfigurationOverrides
    .default({})
    .describe("Parts of kubeadm's v1beta4 ClusterConfiguration."),
  kubeletConfiguration: kubeletConfigurationSchema.default({}).describe('Parts of the KubeletConfiguration.'),
  kubeProxyConfiguration: kubeProxyConfigurationSchema.default({}).describe('Parts of the KubeProxyConfiguration.'),
});

const specSchema = z.strictObject({
  bundle: explained(explainBundle, z.string().min(1)).describe(
    'Folder of the bundle; its version is the version of Kubernetes.',
  ),
  networks: networksSchema.describe('Addresses and networks; IPv4.'),
  apiServer: apiServerSchema.prefault({}).describe('How clients reach the Kubernetes API.'),
  repository: z
    .strictObject({
      port: port.default(defaults.repositoryPort).describe('Port of the registry and package repository.'),
    })
    .prefault({})
    .describe('What the bootstrap host serves to the others, over HTTPS.'),
  firewall: z
    .strictObject({ apiServerFrom: z.array(cidr).default([]).describe('Who may reach the API. Default: anyone.') })
    .prefault({})
    .describe('Openings on hosts where firewalld runs.'),
  salt: z
    .strictObject({ enabled: z.boolean().default(true).describe('Install salt-master and the minions.') })
    .prefault({})
    .describe('Salt beside Kubernetes.'),
  ssh: sshSchema.prefault({}).describe('How to reach the hosts.'),
  hosts: z
    .array(hostSchema.describe('A machine, as in {name: cp1, address: 10.0.0.11, roles: [worker]}.'))
    .min(1)
    .describe('The machines of the cluster.'),
  kubernetes: kubernetesSchema.prefault({}).describe('Settings of Kubernetes, as kubeadm has them.'),
  containerd: z
    .strictObject({
      config: z.string().default('').describe('TOML, written unchanged to /etc/containerd/conf.d/90-user.toml.'),
    })
    .prefault({})
    .describe('Settings of containerd.'),
  images: z
    .strictObject({
      onlyBundle: z.boolean().default(false).describe('Refuse every registry that the bundle does not hold.'),
    })
    .prefault({})
    .describe('Where images may come from.'),
  preflight: z
    .strictObject({
      ignore: z.array(z.string()).default([]).describe("Checks, by kubeadm's names, that become warnings; or all."),
    })
    .prefault({})
    .describe('Checks of the hosts.'),
});

export const clusterSchema = z.strictObject({
  apiVersion: z.literal('temper/v1alpha1').describe('Version of this form.'),
  kind: z.literal('Cluster').describe('What the file describes.'),
  metadata: z
    .strictObject({ name: explained(explainClusterName).describe('Name of the cluster.') })
    .describe('What the cluster is called.'),
  spec: specSchema.describe('What the cluster is to be.'),
});
