import { isControlPlane, isEtcdHost, type Cluster, type HostRecord } from '../cluster.js';
import { clusterConfiguration, controlPlaneEndpoint, localEtcd } from './cluster-configuration.js';
import { goYaml } from './go-yaml.js';
import { criSocket } from './kubelet-configuration.js';
import type { Document } from './merge-document.js';
import { bootstrapTaint, isBootstrapAlone, kubeletExtraArgs } from './kubelet-flags.js';

/**
 * The kubeadm v1beta4 documents that equal this host's answers: `kubeadm init --config` with them makes the same cluster, on the other hosts
 * `kubeadm join --config` the same node, on a host of etcd `kubeadm init phase certs etcd-…` and `etcd local` the same files. A component config stands there only if the user gave one, because kubeadm pins the checksum of those
 * it has made itself.
 */
export function kubeadmDocuments(cluster: Cluster, host: HostRecord): Document[] {
  if (isEtcdHost(host)) return [initConfiguration(host), memberConfiguration(cluster)];
  if (host.name !== cluster.firstControlPlane) return [joinConfiguration(cluster, host)];
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

/** What stands for a secret of the running cluster in a JoinConfiguration: the command that prints it. kubeadm refuses it as it is. */
export const joinSecrets = {
  token: '<kubeadm token create>',
  caCertHash: '<kubeadm token create --print-join-command>',
  certificateKey: '<kubeadm init phase upload-certs --upload-certs>',
} as const;

function initConfiguration(host: HostRecord): Document {
  return {
    apiVersion: 'kubeadm.k8s.io/v1beta4',
    kind: 'InitConfiguration',
    localAPIEndpoint: localApiEndpoint(host),
    nodeRegistration: nodeRegistration(host),
  };
}

/** etcd is local where it runs. */
function memberConfiguration(cluster: Cluster): Document {
  return { ...clusterConfiguration(cluster), etcd: { local: localEtcd(cluster) } };
}

function joinConfiguration(cluster: Cluster, host: HostRecord): Document {
  const { token, caCertHash, certificateKey } = joinSecrets;
  return {
    apiVersion: 'kubeadm.k8s.io/v1beta4',
    kind: 'JoinConfiguration',
    discovery: {
      bootstrapToken: { apiServerEndpoint: controlPlaneEndpoint(cluster), token, caCertHashes: [caCertHash] },
    },
    ...(isControlPlane(host) ? { controlPlane: { localAPIEndpoint: localApiEndpoint(host), certificateKey } } : {}),
    nodeRegistration: nodeRegistration(host),
  };
}

function localApiEndpoint(host: HostRecord): Document {
  return { advertiseAddress: host.controlPlaneAddress, bindPort: 6443 };
}

function nodeRegistration(host: HostRecord): Document {
  return { name: host.name, criSocket, kubeletExtraArgs: kubeletExtraArgs(host), ...taints(host) };
}

/** Left out, kubeadm adds its taint to a control plane and none to a worker node; an empty list means none. */
function taints(host: HostRecord): Document {
  if (host.roles.includes('worker')) return { taints: [] };
  return isBootstrapAlone(host) ? { taints: [bootstrapTaint] } : {};
}

function given(apiVersion: string, kind: string, fields: Document): Document[] {
  return Object.keys(fields).length > 0 ? [{ ...fields, apiVersion, kind }] : [];
}
