import { serviceAddress } from '../addresses.js';
import type { KeyAlgorithm } from '../certificates.js';
import { firstControlPlaneOf, grown, hasEtcdHosts, isEtcdHost, type Cluster, type HostRecord } from '../cluster.js';
import { paths } from '../paths.js';
import type {
  ClusterConfigurationOverrides,
  ComponentOverrides,
  LocalEtcdOverrides,
} from './cluster-configuration-overrides.js';
import { goDuration } from './go-duration.js';

/** kubeadm's ClusterConfiguration with every default filled in, as it stands in the ConfigMap kubeadm-config. */
export interface ClusterConfiguration {
  apiVersion: 'kubeadm.k8s.io/v1beta4';
  kind: 'ClusterConfiguration';
  apiServer: ComponentOverrides & { certSANs?: string[] };
  controllerManager: ComponentOverrides;
  scheduler: ComponentOverrides;
  etcd: { local: LocalEtcd } | { external: ExternalEtcd };
  dns: Record<string, never>;
  proxy: Record<string, never>;
  networking: { dnsDomain: string; podSubnet: string; serviceSubnet: string };
  kubernetesVersion: string;
  controlPlaneEndpoint: string;
  clusterName: string;
  certificatesDir: string;
  imageRepository: string;
  featureGates?: ClusterConfigurationOverrides['featureGates'];
  encryptionAlgorithm: KeyAlgorithm;
  certificateValidityPeriod: string;
  caCertificateValidityPeriod: string;
}

export type LocalEtcd = LocalEtcdOverrides & { dataDir: string };

/** An etcd on hosts of its own, as the API servers reach it. */
export interface ExternalEtcd {
  endpoints: string[];
  httpEndpoints: string[];
  caFile: string;
  certFile: string;
  keyFile: string;
}

export function clusterConfiguration(cluster: Cluster): ClusterConfiguration {
  const given = givenClusterConfiguration(cluster);
  return {
    apiVersion: 'kubeadm.k8s.io/v1beta4',
    kind: 'ClusterConfiguration',
    apiServer: withoutEmpty({ ...component(given.apiServer), certSANs: certSans(cluster, given) }),
    controllerManager: component(given.controllerManager),
    scheduler: component(given.scheduler),
    etcd: hasEtcdHosts(cluster) ? { external: externalEtcd(cluster) } : { local: localEtcd(cluster) },
    dns: {},
    proxy: {},
    networking: {
      dnsDomain: given.networking?.dnsDomain || 'cluster.local',
      podSubnet: cluster.spec.networks.pods,
      serviceSubnet: cluster.spec.networks.services,
    },
    kubernetesVersion: cluster.bundle.kubernetesVersion,
    controlPlaneEndpoint: controlPlaneEndpoint(cluster),
    clusterName: 'kubernetes',
    certificatesDir: paths.pki,
    imageRepository: 'registry.k8s.io',
    ...(Object.keys(given.featureGates ?? {}).length > 0 && { featureGates: given.featureGates }),
    encryptionAlgorithm: given.encryptionAlgorithm ?? 'RSA-2048',
    certificateValidityPeriod: goDuration(given.certificateValidityPeriod ?? '8760h'),
    caCertificateValidityPeriod: goDuration(given.caCertificateValidityPeriod ?? '87600h'),
  };
}

/** Where clients find the API server: host:port. Always set, so that control planes can be added later when it is a name or a virtual IP. */
export function controlPlaneEndpoint(cluster: Cluster): string {
  const { endpoint: given, virtualIP } = cluster.spec.apiServer;
  const endpoint = given ?? virtualIP ?? firstControlPlaneOf(cluster).controlPlaneAddress;
  return /:\d+$/.test(endpoint) ? endpoint : `${endpoint}:6443`;
}

/** Where pods find the API server: the URL of the first address of the Services, which kube-proxy on each node leads to one of them. */
export function serviceOfApiServer(cluster: Cluster): string {
  return `https://${serviceAddress(clusterConfiguration(cluster).networking.serviceSubnet, 1)}`;
}

/** Settings of each member of etcd, whichever hosts they run on. */
export function localEtcd(cluster: Cluster): LocalEtcd {
  const { extraEnvs, ...rest } = givenClusterConfiguration(cluster).etcd?.local ?? {};
  return { dataDir: paths.etcdData, ...withoutEmpty({ ...rest, extraEnvs: extraEnvs?.map(withoutEmpty) }) };
}

/** Where a member of etcd is reached by API servers. */
export function etcdClientUrl({ controlPlaneAddress }: HostRecord): string {
  return `https://${controlPlaneAddress}:2379`;
}

/** cluster.yaml's parse has checked it against `clusterConfigurationOverrides`. */
export function givenClusterConfiguration({ spec }: Cluster): ClusterConfigurationOverrides {
  return spec.kubernetes.clusterConfiguration as ClusterConfigurationOverrides;
}

/** kubeadm lowers names, which TLS compares without case anyway. */
function certSans({ spec }: Cluster, given: ClusterConfigurationOverrides): string[] {
  return [...spec.apiServer.certSANs, ...(given.apiServer?.certSANs ?? [])].map((name) => name.toLowerCase());
}

function component({ extraEnvs, extraVolumes, ...rest }: ComponentOverrides = {}): ComponentOverrides {
  return withoutEmpty({
    ...rest,
    extraEnvs: extraEnvs?.map(withoutEmpty),
    extraVolumes: extraVolumes?.map(withoutEmpty),
  });
}

function externalEtcd({ hosts, etcdServers = [] }: Cluster): ExternalEtcd {
  const endpoints = grown(etcdServers, hosts.filter(isEtcdHost).map(etcdClientUrl));
  return {
    endpoints,
    httpEndpoints: endpoints,
    caFile: `${paths.pki}/etcd/ca.crt`,
    certFile: `${paths.pki}/apiserver-etcd-client.crt`,
    keyFile: `${paths.pki}/apiserver-etcd-client.key`,
  };
}

/** Go's `omitempty`. */
function withoutEmpty<T extends object>(fields: T): T {
  const isEmpty = (value: unknown) =>
    value === undefined || value === '' || value === false || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value))) as T;
}
