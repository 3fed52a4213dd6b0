import type { CertificateSpec } from '../certificates.js';
import { hasEtcdHosts, isControlPlane, isNode, runsEtcd, type Cluster, type HostRecord } from '../cluster.js';
import { isAddress, serviceAddress } from '../addresses.js';
import { paths } from '../paths.js';
import {
  clusterConfiguration,
  controlPlaneEndpoint,
  localEtcd,
  type ClusterConfiguration,
} from './cluster-configuration.js';

/** One certificate with its key: `${path}.crt`, `${path}.key`. */
export interface CertificateRow {
  path: string;
  spec: CertificateSpec;
  /** Base path of the CA, or 'self'. */
  signer: string;
}

/** Base paths of what is shared by all control planes; etcd's CA by all hosts that etcd runs on. */
export const sharedPki = {
  ca: `${paths.pki}/ca`,
  frontProxyCa: `${paths.pki}/front-proxy-ca`,
  etcdCa: `${paths.pki}/etcd/ca`,
  serviceAccount: `${paths.pki}/sa`,
} as const;

export const etcdAuthority: CertificateRow = authority(sharedPki.etcdCa, 'etcd-ca');

/** What the first control plane makes. The CA of an etcd that has hosts of its own is made, and its key stays, on those. */
export function certificateAuthorities(cluster: Pick<Cluster, 'spec'>): CertificateRow[] {
  return [
    authority(sharedPki.ca, 'kubernetes'),
    authority(sharedPki.frontProxyCa, 'front-proxy-ca'),
    ...(hasEtcdHosts(cluster) ? [] : [etcdAuthority]),
  ];
}

/** Base path of the CA that makes a host one of this cluster: on a host of etcd there is no other. */
export function ownCa(host: Pick<HostRecord, 'roles'>): string {
  return isNode(host) ? sharedPki.ca : sharedPki.etcdCa;
}

/** The leaf certificates of a control plane or of a host of etcd, in kubeadm's order. */
export function certificates(cluster: Cluster, host: HostRecord): CertificateRow[] {
  const { ca, frontProxyCa, etcdCa } = sharedPki;
  const configuration = clusterConfiguration(cluster);
  const { serverCertSANs, peerCertSANs } = localEtcd(cluster);
  const ofApiServer = [
    leaf('apiserver', 'kube-apiserver', ['server'], ca, apiServerNames(cluster, host, configuration)),
    leaf('apiserver-kubelet-client', 'kube-apiserver-kubelet-client', ['client'], ca),
    leaf('front-proxy-client', 'front-proxy-client', ['client'], frontProxyCa),
  ];
  const ofEtcd = [
    leaf('etcd/server', host.name, ['server', 'client'], etcdCa, etcdNames(host, serverCertSANs)),
    leaf('etcd/peer', host.name, ['server', 'client'], etcdCa, etcdNames(host, peerCertSANs)),
    leaf('etcd/healthcheck-client', 'kube-etcd-healthcheck-client', ['client'], etcdCa),
  ];
  const etcdClient = leaf('apiserver-etcd-client', 'kube-apiserver-etcd-client', ['client'], etcdCa);
  return [
    ...(isControlPlane(host) ? ofApiServer : []),
    ...(runsEtcd(cluster, host) ? ofEtcd : []),
    ...(isControlPlane(host) ? [etcdClient] : []),
  ];
}

/** A kubeconfig whose client certificate says who it is: CN = user, O = groups. */
export interface KubeconfigRow {
  path: string;
  user: string;
  groups: string[];
  server: string;
  /** Made only while the cluster is new, that is, together with this other one: a person may take it away. */
  onlyWith?: string;
}

/** Kubeconfigs of the first control plane. What runs on a host asks the host's own API server, people ask the endpoint. */
export function kubeconfigs(cluster: Cluster, host: HostRecord): KubeconfigRow[] {
  const everywhere = `https://${controlPlaneEndpoint(cluster)}`;
  const [admin, ...components] = joinedKubeconfigs(cluster, host) as [KubeconfigRow, ...KubeconfigRow[]];
  const superAdmin = row('super-admin', 'kubernetes-super-admin', ['system:masters'], everywhere);
  // Before admin.conf, whose presence says that it has been made.
  return [
    { ...superAdmin, onlyWith: admin.path },
    admin,
    row('kubelet', `system:node:${host.name}`, ['system:nodes'], localApiServer(host)),
    ...components,
  ];
}

/** Kubeconfigs of a control plane that joins. The kubelet writes its own. */
export function joinedKubeconfigs(cluster: Cluster, host: HostRecord): KubeconfigRow[] {
  const here = localApiServer(host);
  return [
    row('admin', 'kubernetes-admin', ['kubeadm:cluster-admins'], `https://${controlPlaneEndpoint(cluster)}`),
    row('controller-manager', 'system:kube-controller-manager', [], here),
    row('scheduler', 'system:kube-scheduler', [], here),
  ];
}

/** URL of the API server on this control plane itself. */
export function localApiServer(host: HostRecord): string {
  return `https://${host.controlPlaneAddress}:6443`;
}

interface AlternativeNames {
  dnsNames: string[];
  ipAddresses: string[];
}

function authority(path: string, name: string): CertificateRow {
  const spec = { commonName: name, organizations: [], isCa: true, usages: [], dnsNames: [name], ipAddresses: [] };
  return { path, spec, signer: 'self' };
}

function leaf(
  name: string,
  commonName: string,
  usages: CertificateSpec['usages'],
  signer: string,
  { dnsNames, ipAddresses }: AlternativeNames = { dnsNames: [], ipAddresses: [] },
): CertificateRow {
  const spec = { commonName, organizations: [], isCa: false, usages, dnsNames, ipAddresses };
  return { path: `${paths.pki}/${name}`, spec, signer };
}

function row(name: string, user: string, groups: string[], server: string): KubeconfigRow {
  return { path: `${paths.kubernetes}/${name}.conf`, user, groups, server };
}

function apiServerNames(cluster: Cluster, host: HostRecord, configuration: ClusterConfiguration): AlternativeNames {
  const { dnsDomain, serviceSubnet } = configuration.networking;
  const endpointHost = controlPlaneEndpoint(cluster).replace(/:\d+$/, '');
  return alternativeNames([
    ...[host.name, 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
    `kubernetes.default.svc.${dnsDomain}`,
    serviceAddress(serviceSubnet, 1),
    host.controlPlaneAddress,
    endpointHost,
    ...(configuration.apiServer.certSANs ?? []),
  ]);
}

function etcdNames(host: HostRecord, extra: string[] = []): AlternativeNames {
  return alternativeNames([host.name, 'localhost', host.controlPlaneAddress, '127.0.0.1', '::1', ...extra]);
}

/** Names sorted, addresses in order, each once; what is neither is left out, as kubeadm does. */
function alternativeNames(all: string[]): AlternativeNames {
  const unique = [...new Set(all)];
  return {
    dnsNames: unique.filter((name) => !isIp(name) && dnsName.test(name)).sort(),
    ipAddresses: unique.filter(isIp),
  };
}

const dnsName = /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

function isIp(name: string): boolean {
  return isAddress(name) || name.includes(':');
}
