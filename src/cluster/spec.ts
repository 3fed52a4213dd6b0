import { z } from 'zod';

/** One entry of `spec.hosts`. */
const hostSchema = z.strictObject({
  name: z.string(),
  address: z.string(),
  roles: z.array(z.enum(['bootstrap', 'control-plane', 'worker', 'etcd'])).min(1),
  labels: z.record(z.string(), z.string()).default({}),
  ssh: z.lazy(() => sshSchema.partial()).optional(),
});

const sshSchema = z.strictObject({
  user: z.string().default('root'),
  port: z.int().default(22),
  identityFile: z.string().optional(),
  knownHosts: z.string().default('~/.ssh/known_hosts'),
  sudo: z.boolean().default(false),
  bastion: z.string().optional(),
  proxyCommand: z.string().optional(),
});

const document = z.record(z.string(), z.unknown());

export const clusterSchema = z.strictObject({
  apiVersion: z.literal('temper/v1alpha1'),
  kind: z.literal('Cluster'),
  metadata: z.strictObject({ name: z.string() }),
  spec: z.strictObject({
    bundle: z.string(),
    networks: z.strictObject({
      controlPlane: z.array(z.string()).min(1),
      workloadPlane: z.array(z.string()).optional(),
      pods: z.string().default('10.233.0.0/16'),
      services: z.string().default('10.96.0.0/12'),
      cni: z.enum(['calico', 'flannel', 'none']).optional(),
    }),
    apiServer: z
      .strictObject({
        virtualIP: z.string().optional(),
        endpoint: z.string().optional(),
        keepalived: z.boolean().optional(),
        certSANs: z.array(z.string()).default([]),
      })
      .prefault({}),
    repository: z.strictObject({ port: z.int().default(8443) }).prefault({}),
    firewall: z.strictObject({ apiServerFrom: z.array(z.string()).default([]) }).prefault({}),
    salt: z.strictObject({ enabled: z.boolean().default(true) }).prefault({}),
    ssh: sshSchema.prefault({}),
    hosts: z.array(hostSchema).min(1),
    kubernetes: z
      .strictObject({
        clusterConfiguration: document.default({}),
        kubeletConfiguration: document.default({}),
        kubeProxyConfiguration: document.default({}),
      })
      .prefault({}),
    containerd: z.strictObject({ config: z.string().default('') }).prefault({}),
    images: z.strictObject({ onlyBundle: z.boolean().default(false) }).prefault({}),
    preflight: z.strictObject({ ignore: z.array(z.string()).default([]) }).prefault({}),
  }),
});

/** What the user wrote, parsed and completed: every default is filled in, every path is absolute. */
export type ClusterSpec = z.output<typeof clusterSchema>['spec'] & { name: string };
export type HostSpec = ClusterSpec['hosts'][number];
