import { z } from 'zod';
import { explained } from '../explained.js';
import { explainEtcdFolder, explainHostPath, explainMountPath } from '../host-paths.js';
import { dnsName, explainArgumentName, explainKubeadmSan, explainVariableName, explainVolumeName } from '../names.js';
import { explainValidityPeriod } from './go-duration.js';

const validityPeriod = explained(explainValidityPeriod);
// kubeadm lowers these, but not those of etcd.
const loweredSan = explained((text) => explainKubeadmSan(text.toLowerCase()));
const argument = z.strictObject({ name: explained(explainArgumentName), value: z.string() });
/** Older kubeadm had a mapping here. */
const extraArgs = z.array(argument).optional().describe("A list, as in [{name: v, value: '2'}].");
const environmentVariable = z.strictObject({ name: explained(explainVariableName), value: z.string().optional() });
/** Kubernetes' own: what must be at the path, or is made there. */
const pathTypes = ['', 'DirectoryOrCreate', 'Directory', 'FileOrCreate', 'File', 'Socket', 'CharDevice', 'BlockDevice'];
const hostPathMount = z.strictObject({
  name: explained(explainVolumeName),
  hostPath: explained(explainHostPath),
  mountPath: explained(explainMountPath),
  readOnly: z.boolean().optional(),
  pathType: z.enum(pathTypes).optional(),
});

const component = z.strictObject({
  extraArgs,
  extraEnvs: z.array(environmentVariable).optional(),
  extraVolumes: z.array(hostPathMount).optional(),
});

const localEtcd = z.strictObject({
  dataDir: explained(explainEtcdFolder).optional(),
  extraArgs,
  extraEnvs: z.array(environmentVariable).optional(),
  serverCertSANs: z.array(explained(explainKubeadmSan)).optional(),
  peerCertSANs: z.array(explained(explainKubeadmSan)).optional(),
});

/** kubeadm's gates, as far as they change no file. */
const featureGates = z.strictObject({
  NodeLocalCRISocket: z.literal(true).optional(),
  // With either value it overrules encryptionAlgorithm.
  PublicKeysECDSA: elsewhere('write encryptionAlgorithm: ECDSA-P256'),
  RootlessControlPlane: z.literal(false).optional(),
});

/** A field of kubeadm's that is settled otherwise; `how` is the hint. */
function elsewhere(how: string) {
  return z.never().optional().describe(how);
}

/**
 * What `kubernetes.clusterConfiguration` of cluster.yaml may hold: the fields of kubeadm's v1beta4 ClusterConfiguration that Temper honours with
 * the same bytes. Any other field is refused, never ignored. Addresses, networks and versions have their own place in cluster.yaml.
 */
export const clusterConfigurationOverrides = z.strictObject({
  apiVersion: z.literal('kubeadm.k8s.io/v1beta4').optional(),
  kind: z.literal('ClusterConfiguration').optional(),
  apiServer: component.extend({ certSANs: z.array(loweredSan).optional() }).optional(),
  controllerManager: component.optional(),
  scheduler: component.optional(),
  etcd: z
    .strictObject({
      local: localEtcd.optional(),
      external: elsewhere('hosts with the role etcd are external to the control planes'),
    })
    .optional(),
  networking: z
    .strictObject({
      dnsDomain: z.string().regex(dnsName, 'must be a DNS name of small letters, such as cluster.local').optional(),
      podSubnet: elsewhere('write networks.pods'),
      serviceSubnet: elsewhere('write networks.services'),
    })
    .optional(),
  featureGates: featureGates.optional(),
  encryptionAlgorithm: z.enum(['RSA-2048', 'RSA-3072', 'RSA-4096', 'ECDSA-P256', 'ECDSA-P384']).optional(),
  certificateValidityPeriod: validityPeriod.optional(),
  caCertificateValidityPeriod: validityPeriod.optional(),
  certificatesDir: elsewhere('certificates lie in /etc/kubernetes/pki'),
  clusterName: elsewhere("kubeadm's default stays: kubernetes; metadata.name is Temper's"),
  controlPlaneEndpoint: elsewhere('write apiServer.endpoint or apiServer.virtualIP'),
  dns: elsewhere('CoreDNS comes from the bundle; once it runs it is yours to change or remove'),
  imageRepository: elsewhere("images keep upstream's names and come from the bundle"),
  kubernetesVersion: elsewhere('the bundle says it'),
  proxy: elsewhere('kube-proxy comes from the bundle; once it runs it is yours to change or remove'),
});

export type ClusterConfigurationOverrides = z.output<typeof clusterConfigurationOverrides>;
export type ComponentOverrides = z.output<typeof component>;
export type LocalEtcdOverrides = z.output<typeof localEtcd>;
export type Argument = z.output<typeof argument>;
export type EnvironmentVariable = z.output<typeof environmentVariable>;
export type HostPathMount = z.output<typeof hostPathMount>;
