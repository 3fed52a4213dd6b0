import type { Cluster, HostRecord } from '../cluster.js';
import { clusterConfiguration } from './cluster-configuration.js';
import { goYaml } from './go-yaml.js';
import { criSocket } from './kubelet-configuration.js';
import type { Document } from './merge-document.js';
import { kubeletExtraArgs } from './kubelet-flags.js';

/**
 * The kubeadm v1beta4 documents that equal this host's answers: `kubeadm init --config` with them makes the same cluster. A component config
 * stands there only if the user gave one, because kubeadm pins the checksum of those it has made itself.
 */
export function kubeadmDocuments(cluster: Cluster, host: HostRecord): Document[] {
  const { kubeletConfiguration, kubeProxyConfiguration } = cluster.spec.kubernetes;
  return [
    initConfiguration(host),
    { ...clusterConfiguration(cluster) },
    ...given('kubelet.config.k8s.io/v1beta1', 'KubeletConfiguration', kubeletConfiguration),
    ...given('kubeproxy.config.k8s.io/v1alpha1', 'KubeProxyConfiguration', kubeProxyConfiguration),
  ];
}

/** The same as one YAML stream. */
export function kubeadmConfigText(cluster: Cluster, host: HostRecord): string {
  return kubeadmDocuments(cluster, host).map(goYaml).join('---\n');
}

function initConfiguration(host: HostRecord): Document {
  return {
    apiVersion: 'kubeadm.k8s.io/v1beta4',
    kind: 'InitConfiguration',
    localAPIEndpoint: { advertiseAddress: host.controlPlaneAddress, bindPort: 6443 },
    nodeRegistration: {
      name: host.name,
      criSocket,
      kubeletExtraArgs: kubeletExtraArgs(host),
      // Left out, kubeadm adds its control-plane taint; an empty list means none.
      ...(host.roles.includes('worker') ? { taints: [] } : {}),
    },
  };
}

function given(apiVersion: string, kind: string, fields: Document): Document[] {
  return Object.keys(fields).length > 0 ? [{ ...fields, apiVersion, kind }] : [];
}
