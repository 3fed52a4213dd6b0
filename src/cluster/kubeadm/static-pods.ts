import type { Cluster, HostRecord } from '../cluster.js';
import { imageOf } from '../images.js';
import { paths } from '../paths.js';
import { sharedPki } from './certificates.js';
import { clusterConfiguration, etcdClientUrl, localEtcd, type ClusterConfiguration } from './cluster-configuration.js';
import type {
  Argument,
  ComponentOverrides,
  EnvironmentVariable,
  HostPathMount,
} from './cluster-configuration-overrides.js';

/** What a control plane component's manifest template takes. */
export interface StaticPod {
  image: string;
  /** `--name=value`, in the order of the manifest. */
  args: string[];
  env: EnvironmentVariable[];
  /** By name; mounted at the same place unless the user says otherwise. */
  volumes: Required<HostPathMount>[];
  /** Where the kubelet probes; empty: the pod's own address. */
  probeHost: string;
}

export function apiServerPod(cluster: Cluster, host: HostRecord): StaticPod & { address: string } {
  const { apiServer, networking, etcd } = clusterConfiguration(cluster);
  const { pki } = paths;
  const defaults = {
    'advertise-address': host.controlPlaneAddress,
    'allow-privileged': 'true',
    ...authorizationMode(apiServer),
    'client-ca-file': `${sharedPki.ca}.crt`,
    'enable-admission-plugins': 'NodeRestriction',
    'enable-bootstrap-token-auth': 'true',
    'etcd-cafile': `${sharedPki.etcdCa}.crt`,
    'etcd-certfile': `${pki}/apiserver-etcd-client.crt`,
    'etcd-keyfile': `${pki}/apiserver-etcd-client.key`,
    'etcd-servers': etcdServers(etcd),
    'kubelet-client-certificate': `${pki}/apiserver-kubelet-client.crt`,
    'kubelet-client-key': `${pki}/apiserver-kubelet-client.key`,
    'kubelet-preferred-address-types': 'InternalIP,ExternalIP,Hostname',
    'proxy-client-cert-file': `${pki}/front-proxy-client.crt`,
    'proxy-client-key-file': `${pki}/front-proxy-client.key`,
    'requestheader-allowed-names': 'front-proxy-client',
    'requestheader-client-ca-file': `${sharedPki.frontProxyCa}.crt`,
    'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
    'requestheader-group-headers': 'X-Remote-Group',
    'requestheader-username-headers': 'X-Remote-User',
    'secure-port': '6443',
    'service-account-issuer': `https://kubernetes.default.svc.${networking.dnsDomain}`,
    'service-account-key-file': `${sharedPki.serviceAccount}.pub`,
    'service-account-signing-key-file': `${sharedPki.serviceAccount}.key`,
    'service-cluster-ip-range': networking.serviceSubnet,
    'tls-cert-file': `${pki}/apiserver.crt`,
    'tls-private-key-file': `${pki}/apiserver.key`,
  };
  return {
    address: host.controlPlaneAddress,
    image: imageOf(cluster.bundle, 'kube-apiserver').name,
    args: commandLine(defaults, apiServer.extraArgs),
    env: environment(apiServer.extraEnvs),
    volumes: mounts([pkiVolume, ...caVolumes(host)], apiServer.extraVolumes),
    probeHost: probeHost(host.controlPlaneAddress),
  };
}

/** A local member is reached where it listens for its host, unless it is told to say otherwise. */
function etcdServers(etcd: ClusterConfiguration['etcd']): string {
  if ('external' in etcd) return etcd.external.endpoints.join(',');
  return lastValue(etcd.local.extraArgs, 'advertise-client-urls') ?? 'https://127.0.0.1:2379';
}

export function controllerManagerPod(cluster: Cluster, host: HostRecord): StaticPod {
  const { controllerManager, networking, clusterName } = clusterConfiguration(cluster);
  const kubeconfig = `${paths.kubernetes}/controller-manager.conf`;
  const defaults = {
    'allocate-node-cidrs': 'true',
    'authentication-kubeconfig': kubeconfig,
    'authorization-kubeconfig': kubeconfig,
    'bind-address': '127.0.0.1',
    'client-ca-file': `${sharedPki.ca}.crt`,
    'cluster-cidr': networking.podSubnet,
    'cluster-name': clusterName,
    'cluster-signing-cert-file': `${sharedPki.ca}.crt`,
    'cluster-signing-key-file': `${sharedPki.ca}.key`,
    controllers: '*,bootstrapsigner,tokencleaner',
    kubeconfig,
    'leader-elect': 'true',
    'requestheader-client-ca-file': `${sharedPki.frontProxyCa}.crt`,
    'root-ca-file': `${sharedPki.ca}.crt`,
    'service-account-private-key-file': `${sharedPki.serviceAccount}.key`,
    'service-cluster-ip-range': networking.serviceSubnet,
    'use-service-account-credentials': 'true',
  };
  return {
    image: imageOf(cluster.bundle, 'kube-controller-manager').name,
    args: commandLine(defaults, controllerManager.extraArgs),
    env: environment(controllerManager.extraEnvs),
    volumes: mounts([pkiVolume, ...caVolumes(host), fileVolume(kubeconfig)], controllerManager.extraVolumes),
    probeHost: probeHost(lastValue(controllerManager.extraArgs, 'bind-address') ?? '127.0.0.1'),
  };
}

export function schedulerPod(cluster: Cluster): StaticPod {
  const { scheduler } = clusterConfiguration(cluster);
  const kubeconfig = `${paths.kubernetes}/scheduler.conf`;
  const defaults = {
    'authentication-kubeconfig': kubeconfig,
    'authorization-kubeconfig': kubeconfig,
    'bind-address': '127.0.0.1',
    kubeconfig,
    'leader-elect': 'true',
  };
  return {
    image: imageOf(cluster.bundle, 'kube-scheduler').name,
    args: commandLine(defaults, scheduler.extraArgs),
    env: environment(scheduler.extraEnvs),
    volumes: mounts([fileVolume(kubeconfig)], scheduler.extraVolumes),
    probeHost: probeHost(lastValue(scheduler.extraArgs, 'bind-address') ?? '127.0.0.1'),
  };
}

export interface EtcdPod {
  image: string;
  args: string[];
  env: EnvironmentVariable[];
  clientUrl: string;
  dataDir: string;
  certificatesDir: string;
  probe: { host: string; port: number; scheme: 'HTTP' | 'HTTPS' };
}

/** Stands for the members of an etcd that a host is to join: who they are is known when it has been added. */
export const membersPlaceholder = '<the members of etcd>';

/** The first member: an etcd cluster of its own. */
export function etcdPod(cluster: Cluster, host: HostRecord): EtcdPod {
  return memberPod(cluster, host, { 'initial-cluster': `${host.name}=${etcdPeerUrl(host)}` });
}

/** A member that joins: `membersPlaceholder` stands among its arguments. */
export function joiningEtcdPod(cluster: Cluster, host: HostRecord): EtcdPod {
  return memberPod(cluster, host, { 'initial-cluster': membersPlaceholder, 'initial-cluster-state': 'existing' });
}

export function etcdPeerUrl({ controlPlaneAddress }: HostRecord): string {
  return `https://${controlPlaneAddress}:2380`;
}

function memberPod(cluster: Cluster, host: HostRecord, initialCluster: Record<string, string>): EtcdPod {
  const local = localEtcd(cluster);
  const clientUrl = etcdClientUrl(host);
  const peerUrl = etcdPeerUrl(host);
  const certificatesDir = `${paths.pki}/etcd`;
  const defaults = {
    'advertise-client-urls': clientUrl,
    'cert-file': `${certificatesDir}/server.crt`,
    'client-cert-auth': 'true',
    'data-dir': local.dataDir,
    'feature-gates': 'InitialCorruptCheck=true',
    'initial-advertise-peer-urls': peerUrl,
    ...initialCluster,
    'key-file': `${certificatesDir}/server.key`,
    'listen-client-urls': `https://127.0.0.1:2379,${clientUrl}`,
    'listen-metrics-urls': 'http://127.0.0.1:2381',
    'listen-peer-urls': peerUrl,
    name: host.name,
    'peer-cert-file': `${certificatesDir}/peer.crt`,
    'peer-client-cert-auth': 'true',
    'peer-key-file': `${certificatesDir}/peer.key`,
    'peer-trusted-ca-file': `${certificatesDir}/ca.crt`,
    'snapshot-count': '10000',
    'trusted-ca-file': `${certificatesDir}/ca.crt`,
    'watch-progress-notify-interval': '5s',
  };
  return {
    image: imageOf(cluster.bundle, 'etcd').name,
    args: commandLine(defaults, local.extraArgs),
    env: environment(local.extraEnvs),
    clientUrl,
    dataDir: local.dataDir,
    certificatesDir,
    probe: etcdProbe(lastValue(local.extraArgs, 'listen-metrics-urls')),
  };
}

/** Defaults sorted by name, without those that the user gives; then the user's, in his order. */
function commandLine(defaults: Record<string, string>, extra: Argument[] = []): string[] {
  const kept = Object.keys(defaults)
    .filter((name) => !extra.some((argument) => argument.name === name))
    .sort()
    .map((name) => ({ name, value: defaults[name] }));
  return [...kept, ...extra].map(({ name, value }) => `--${name}=${value}`);
}

/** Left out when the user configures authorization by a file: kube-apiserver takes only one of the two. */
function authorizationMode({ extraArgs }: ComponentOverrides): Record<string, string> {
  return lastValue(extraArgs, 'authorization-config') === undefined ? { 'authorization-mode': 'Node,RBAC' } : {};
}

function lastValue(args: Argument[] = [], name: string): string | undefined {
  return args.findLast((argument) => argument.name === name)?.value;
}

function environment(extra: EnvironmentVariable[] = []): EnvironmentVariable[] {
  const byName = new Map(extra.map((variable) => [variable.name, variable]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const pkiVolume = folderVolume('k8s-certs', paths.pki);

/** Folders with the host's own trusted CAs; the optional ones are links' targets in some distributions. */
function caVolumes({ caFolders }: HostRecord): Required<HostPathMount>[] {
  const optional = caFolders.map((folder) => folderVolume(folder.slice(1).replaceAll('/', '-'), folder));
  return [folderVolume('ca-certs', '/etc/ssl/certs'), ...optional];
}

function folderVolume(name: string, path: string): Required<HostPathMount> {
  return { name, hostPath: path, mountPath: path, readOnly: true, pathType: 'DirectoryOrCreate' };
}

function fileVolume(path: string): Required<HostPathMount> {
  return { name: 'kubeconfig', hostPath: path, mountPath: path, readOnly: true, pathType: 'FileOrCreate' };
}

/** The user's mount replaces ours of the same name. */
function mounts(ours: Required<HostPathMount>[], extra: HostPathMount[] = []): Required<HostPathMount>[] {
  const complete = extra.map((mount) => ({ readOnly: false, pathType: '', ...mount }));
  const byName = new Map([...ours, ...complete].map((mount) => [mount.name, mount]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function probeHost(bindAddress: string): string {
  return ['0.0.0.0', '::'].includes(bindAddress) ? '' : bindAddress;
}

function etcdProbe(metricsUrls = ''): EtcdPod['probe'] {
  const [, scheme, host, port] = /^(https?):\/\/([^:/,]*)(?::(\d+))?/.exec(metricsUrls) ?? [];
  return { scheme: scheme === 'https' ? 'HTTPS' : 'HTTP', host: host || '127.0.0.1', port: Number(port ?? 2381) };
}
