import { z } from 'zod';
import { isGoDuration } from './go-duration.js';

const duration = z.string().refine(isGoDuration, 'must be a duration such as 8760h');
const argument = z.strictObject({ name: z.string(), value: z.string() });
const environmentVariable = z.strictObject({ name: z.string(), value: z.string().optional() });
const hostPathMount = z.strictObject({
  name: z.string(),
  hostPath: z.string(),
  mountPath: z.string(),
  readOnly: z.boolean().optional(),
  pathType: z.string().optional(),
});

const component = z.strictObject({
  extraArgs: z.array(argument).optional(),
  extraEnvs: z.array(environmentVariable).optional(),
  extraVolumes: z.array(hostPathMount).optional(),
});

const localEtcd = z.strictObject({
  dataDir: z.string().optional(),
  extraArgs: z.array(argument).optional(),
  extraEnvs: z.array(environmentVariable).optional(),
  serverCertSANs: z.array(z.string()).optional(),
  peerCertSANs: z.array(z.string()).optional(),
});

/**
 * What `kubernetes.clusterConfiguration` of cluster.yaml may hold: the fields of kubeadm's v1beta4 ClusterConfiguration that Temper honours with
 * the same bytes. Any other field is refused, never ignored. Addresses, networks and versions have their own place in cluster.yaml.
 */
export const clusterConfigurationOverrides = z.strictObject({
  apiServer: component.extend({ certSANs: z.array(z.string()).optional() }).optional(),
  controllerManager: component.optional(),
  scheduler: component.optional(),
  etcd: z.strictObject({ local: localEtcd.optional() }).optional(),
  networking: z.strictObject({ dnsDomain: z.string().optional() }).optional(),
  encryptionAlgorithm: z.enum(['RSA-2048', 'RSA-3072', 'RSA-4096', 'ECDSA-P256', 'ECDSA-P384']).optional(),
  certificateValidityPeriod: duration.optional(),
  caCertificateValidityPeriod: duration.optional(),
});

export type ClusterConfigurationOverrides = z.output<typeof clusterConfigurationOverrides>;
export type ComponentOverrides = z.output<typeof component>;
export type LocalEtcdOverrides = z.output<typeof localEtcd>;
export type Argument = z.output<typeof argument>;
export type EnvironmentVariable = z.output<typeof environmentVariable>;
export type HostPathMount = z.output<typeof hostPathMount>;
