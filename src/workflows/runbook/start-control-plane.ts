import { certificateAuthorities, kubeconfigs, localApiServer, sharedPki } from '../../cluster/kubeadm/certificates.js';
import { clusterConfiguration, controlPlaneEndpoint } from '../../cluster/kubeadm/cluster-configuration.js';
import { sharedKubeletConfiguration } from '../../cluster/kubeadm/kubelet-configuration.js';
import { apiServerPod, controllerManagerPod, schedulerPod } from '../../cluster/kubeadm/static-pods.js';
import { createAuthorities, createCertificates, leafSettings } from './certificates.js';
import { entry, type RunbookEntry } from './entry.js';
import { kubeletFiles } from './kubelet-files.js';
import { startEtcdMember, trustEtcd } from './start-etcd.js';
import { endpointEntry, keepalivedEntry } from './virtual-ip.js';

export function writeKubeconfigs(rows: typeof kubeconfigs): RunbookEntry {
  return entry('writeKubeconfigs', (cluster, host) => ({
    kubeconfigs: rows(cluster, host),
    clusterName: clusterConfiguration(cluster).clusterName,
    ...leafSettings(cluster),
  }));
}

export const startApiServerAndCompanions: RunbookEntry[] = [
  entry('startApiServer', (cluster, host) => ({ pod: apiServerPod(cluster, host), server: localApiServer(host) })),
  entry('startControllerManager', (cluster, host) => ({ pod: controllerManagerPod(cluster, host) })),
  entry('startScheduler', (cluster) => ({ pod: schedulerPod(cluster) })),
];

export const markControlPlane: RunbookEntry = entry('markControlPlane', (cluster, host) => ({
  server: localApiServer(host),
  nodeName: host.name,
  isTainted: !host.roles.includes('worker'),
  labels: cluster.spec.hosts.find(({ name }) => name === host.name)?.labels ?? {},
}));

/** From a host with a standalone kubelet to the first control plane: what `kubeadm init` does until the node has registered, and the way to it for others. */
export const startControlPlane: RunbookEntry[] = [
  createAuthorities((cluster) => ({
    authorities: certificateAuthorities(cluster),
    keyPairs: [sharedPki.serviceAccount],
  })),
  trustEtcd,
  createCertificates,
  writeKubeconfigs(kubeconfigs),
  startEtcdMember,
  ...startApiServerAndCompanions,
  keepalivedEntry,
  endpointEntry,
  entry('grantAdminAccess', (_cluster, host) => ({ server: localApiServer(host) })),
  entry('configureKubelet', kubeletFiles),
];

/** What `kubeadm init` does from then on, but for the add-ons, which need nothing of it. */
export const completeControlPlane: RunbookEntry[] = [
  entry('uploadKubeadmConfig', (cluster, host) => ({
    server: localApiServer(host),
    configuration: clusterConfiguration(cluster),
  })),
  entry('uploadKubeletConfig', (cluster, host) => ({
    server: localApiServer(host),
    configuration: sharedKubeletConfiguration(cluster, host),
    isGiven: Object.keys(cluster.spec.kubernetes.kubeletConfiguration).length > 0,
  })),
  markControlPlane,
  entry('createBootstrapToken', (_cluster, host) => ({
    server: localApiServer(host),
    ttlHours: 24,
    groups: ['system:bootstrappers:kubeadm:default-node-token'],
  })),
  entry('allowNodesToJoin', (cluster, host) => ({
    server: localApiServer(host),
    endpoint: `https://${controlPlaneEndpoint(cluster)}`,
  })),
  entry('finalizeKubelet', (cluster, host) => ({
    files: kubeletFiles(cluster, host),
    server: localApiServer(host),
    clusterName: clusterConfiguration(cluster).clusterName,
  })),
];
