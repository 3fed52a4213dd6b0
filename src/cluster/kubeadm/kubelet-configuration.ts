import { serviceAddress } from '../addresses.js';
import type { Cluster, HostRecord } from '../cluster.js';
import { paths } from '../paths.js';
import { clusterConfiguration } from './cluster-configuration.js';
import { type Document, mergeDocument } from './merge-document.js';

/** The KubeletConfiguration of /var/lib/kubelet/config.yaml on this host: kubeadm's defaults and the user's fields. */
export function kubeletConfiguration(cluster: Cluster, host: HostRecord): Document {
  const { dnsDomain, serviceSubnet } = clusterConfiguration(cluster).networking;
  const defaults: Document = {
    ...zeroKubeletConfiguration,
    authentication: {
      anonymous: { enabled: false },
      webhook: { cacheTTL: '0s', enabled: true },
      x509: { clientCAFile: `${paths.pki}/ca.crt` },
    },
    authorization: { mode: 'Webhook', webhook: { cacheAuthorizedTTL: '0s', cacheUnauthorizedTTL: '0s' } },
    cgroupDriver: 'systemd',
    clusterDNS: [serviceAddress(serviceSubnet, 10)],
    clusterDomain: dnsDomain,
    healthzBindAddress: '127.0.0.1',
    healthzPort: 10248,
    staticPodPath: paths.manifests,
    ...(host.usesSystemdResolved ? { resolvConf: '/run/systemd/resolve/resolv.conf' } : {}),
  };
  return {
    ...withoutZeros(mergeDocument(defaults, cluster.spec.kubernetes.kubeletConfiguration)),
    containerRuntimeEndpoint: criSocket,
    rotateCertificates: true,
  };
}

/** As the ConfigMap kubelet-config holds it: what is one host's own is left to instance-config.yaml. */
export function sharedKubeletConfiguration(cluster: Cluster, host: HostRecord): Document {
  return { ...kubeletConfiguration(cluster, host), containerRuntimeEndpoint: '' };
}

export const criSocket = `unix://${paths.containerdSocket}`;

/** What Go writes although it is zero: structs and durations. A zero duration means the kubelet's own default. */
const zeroKubeletConfiguration: Document = {
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  cpuManagerReconcilePeriod: '0s',
  crashLoopBackOff: {},
  evictionPressureTransitionPeriod: '0s',
  fileCheckFrequency: '0s',
  httpCheckFrequency: '0s',
  imageMaximumGCAge: '0s',
  imageMinimumGCAge: '0s',
  logging: {
    flushFrequency: 0,
    options: { json: { infoBufferSize: '0' }, text: { infoBufferSize: '0' } },
    verbosity: 0,
  },
  memorySwap: {},
  nodeStatusReportFrequency: '0s',
  nodeStatusUpdateFrequency: '0s',
  runtimeRequestTimeout: '0s',
  shutdownGracePeriod: '0s',
  shutdownGracePeriodCriticalPods: '0s',
  streamingConnectionIdleTimeout: '0s',
  syncFrequency: '0s',
  volumeStatsAggPeriod: '0s',
};

/** Fields that Go cannot tell from "not given" when they are zero, and so leaves out. An empty `resolvConf` is not one of them. */
const omittedWhenZero = [
  ...['port', 'readOnlyPort', 'registryBurst', 'eventBurst', 'nodeLeaseDurationSeconds', 'maxPods', 'maxOpenFiles'],
  ...['kubeAPIBurst', 'evictionMaxPodGracePeriod', 'podsPerCore', 'serverTLSBootstrap', 'enableContentionProfiling'],
  ...['runOnce', 'protectKernelDefaults', 'kernelMemcgNotification'],
];

function withoutZeros(document: Document): Document {
  const isLeftOut = ([field, value]: [string, unknown]) =>
    (omittedWhenZero.includes(field) && !value) ||
    (value === '' && field !== 'resolvConf') ||
    (isEmptyCollection(value) && zeroKubeletConfiguration[field] === undefined);
  return Object.fromEntries(Object.entries(document).filter((entry) => !isLeftOut(entry)));
}

function isEmptyCollection(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
