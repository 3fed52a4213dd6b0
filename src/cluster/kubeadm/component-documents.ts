import { z } from 'zod';
import { refuseInexactNumbers } from '../exact-numbers.js';
import { explained } from '../explained.js';
import { explainDuration } from './go-duration.js';

/** As Go's JSON takes them: it turns no number into a text, nor a text into a number. */
const kinds = {
  text: z.string(),
  duration: explained(explainDuration),
  boolean: z.boolean(),
  number: z.number(),
  wholeNumber: z.int(),
  list: z.array(z.unknown()),
  texts: z.array(z.string()),
  mapping: z.record(z.string(), z.unknown()),
  mappingOfTexts: z.record(z.string(), z.string()),
  mappingOfBooleans: z.record(z.string(), z.boolean()),
};

/**
 * The documents that the kubelets and kube-proxy read, by their first level. What is not theirs they ignore, and of a wrong type they do not start;
 * what lies deeper is left to them.
 */
export const kubeletConfigurationSchema = documentOf({
  ...all('boolean', [
    'cgroupsPerQOS cpuCFSQuota enableContentionProfiling enableControllerAttachDetach enableDebugFlagsHandler',
    'enableDebuggingHandlers enableProfilingHandler enableServer enableSystemLogHandler enableSystemLogQuery failCgroupV1',
    'failSwapOn kernelMemcgNotification localStorageCapacityIsolation makeIPTablesUtilChains mergeDefaultEvictionSettings',
    'protectKernelDefaults registerNode rotateCertificates runOnce seccompDefault serializeImagePulls serverTLSBootstrap',
    'singleProcessOOMKill',
  ]),
  ...all('text', [
    'apiVersion kind address cgroupDriver cgroupRoot clusterDomain configMapAndSecretChangeDetectionStrategy containerLogMaxSize',
    'containerRuntimeEndpoint contentType cpuManagerPolicy hairpinMode healthzBindAddress imagePullCredentialsVerificationPolicy',
    'imageServiceEndpoint kubeReservedCgroup kubeletCgroups memoryManagerPolicy memoryReservationPolicy podCIDR podLogsDir',
    'providerID reservedSystemCPUs resolvConf showHiddenMetricsForVersion staticPodPath staticPodURL systemCgroups',
    'systemReservedCgroup tlsCertFile tlsMinVersion tlsPrivateKeyFile topologyManagerPolicy topologyManagerScope volumePluginDir',
  ]),
  ...all('duration', [
    'containerLogMonitorInterval cpuCFSQuotaPeriod cpuManagerReconcilePeriod evictionPressureTransitionPeriod',
    'fileCheckFrequency httpCheckFrequency imageMaximumGCAge imageMinimumGCAge nodeStatusReportFrequency',
    'nodeStatusUpdateFrequency runtimeRequestTimeout shutdownGracePeriod shutdownGracePeriodCriticalPods',
    'streamingConnectionIdleTimeout syncFrequency volumeStatsAggPeriod',
  ]),
  ...all('wholeNumber', [
    'containerLogMaxFiles containerLogMaxWorkers eventBurst eventRecordQPS evictionMaxPodGracePeriod healthzPort',
    'imageGCHighThresholdPercent imageGCLowThresholdPercent iptablesDropBit iptablesMasqueradeBit kubeAPIBurst kubeAPIQPS',
    'maxOpenFiles maxParallelImagePulls maxPods nodeLeaseDurationSeconds nodeStatusMaxImages oomScoreAdj podPidsLimit',
    'podsPerCore port readOnlyPort registryBurst registryPullQPS',
  ]),
  memoryThrottlingFactor: 'number',
  ...all('texts', [
    'allowedUnsafeSysctls clusterDNS enforceNodeAllocatable preloadedImagesVerificationAllowlist tlsCipherSuites',
  ]),
  ...all('list', ['registerWithTaints reservedMemory shutdownGracePeriodByPodPriority tlsCurvePreferences']),
  ...all('mappingOfTexts', [
    'cpuManagerPolicyOptions evictionHard evictionMinimumReclaim evictionSoft evictionSoftGracePeriod kubeReserved qosReserved',
    'systemReserved topologyManagerPolicyOptions',
  ]),
  featureGates: 'mappingOfBooleans',
  ...all('mapping', [
    'authentication authorization crashLoopBackOff logging memorySwap staticPodURLHeader tracing userNamespaces',
  ]),
});

export const kubeProxyConfigurationSchema = documentOf({
  ...all('text', [
    'apiVersion kind bindAddress clusterCIDR detectLocalMode healthzBindAddress hostnameOverride metricsBindAddress mode',
    'portRange showHiddenMetricsForVersion',
  ]),
  ...all('boolean', ['bindAddressHardFail enableProfiling windowsRunAsService']),
  configSyncPeriod: 'duration',
  oomScoreAdj: 'wholeNumber',
  nodePortAddresses: 'texts',
  featureGates: 'mappingOfBooleans',
  ...all('mapping', ['clientConnection conntrack detectLocal iptables ipvs logging nftables winkernel']),
});

type Kind = keyof typeof kinds;
type Document = Record<string, unknown>;

/** kubelet.config.k8s.io/v1beta1 and kubeproxy.config.k8s.io/v1alpha1 of Kubernetes 1.36, in k8s.io/kubelet/config and k8s.io/kube-proxy/config. */
function documentOf(fields: Record<string, Kind>): z.ZodType<Document, Document> {
  const shape = Object.entries(fields).map(([name, kind]) => [name, kinds[kind].nullable().optional()]);
  return z.strictObject(Object.fromEntries(shape)).superRefine(refuseInexactNumbers);
}

function all(kind: Kind, names: string[]): Record<string, Kind> {
  return Object.fromEntries(names.flatMap((line) => line.split(' ')).map((name) => [name, kind]));
}
