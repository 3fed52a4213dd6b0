import type { CertificateSpec } from '../../cluster/certificates.js';

/**
 * Every question a step can ask of a host. Answers come from one snapshot per pass: each reader collects the keys that are asked for in the same
 * moment and asks the host once for all of them. A thing that is not there is `undefined`, never an error; a host that does not answer throws.
 */
export interface FactReaders {
  file(path: string): Promise<FileFact | undefined>;
  /** Content of a text file below 1 MiB. It may be a secret: it must not leave the worker's memory. */
  text(path: string): Promise<string | undefined>;
  /** Names in a folder, sorted; undefined when the folder is missing. */
  folder(path: string): Promise<string[] | undefined>;
  unit(name: string): Promise<UnitFact>;
  package(name: string): Promise<PackageFact | undefined>;
  /** Image in containerd's k8s.io namespace by its full name (`registry.k8s.io/pause:3.10.2`). */
  image(name: string): Promise<ImageFact | undefined>;
  /** Running containers of the k8s.io namespace by the name of their static pod's container, such as `etcd`. */
  container(name: string): Promise<ContainerFact | undefined>;
  /** An API object as the API server has it; undefined also when there is no API server yet. */
  object(ref: ObjectRef): Promise<KubeObject | undefined>;
  sysctl(key: string): Promise<string | undefined>;
  /** True when the module is loaded or built in. */
  module(name: string): Promise<boolean>;
  firewall(): Promise<FirewallFact>;
  system(): Promise<SystemFact>;
  /** Certificate `${path}.crt` with its key `${path}.key`. */
  certificate(path: string): Promise<CertificateFact | undefined>;
  kubeconfig(path: string): Promise<KubeconfigFact | undefined>;
}

/** Questions that are asked anew each time, for who waits until the answer changes; those of one moment together. */
export interface PresentReaders extends Pick<FactReaders, 'object'> {
  /** GETs a path from a server as seen from the host; undefined when it answers 200, else what went wrong. */
  served(ref: ServedRef): Promise<string | undefined>;
}

export interface ServedRef {
  /** `http://127.0.0.1:10248` */
  server: string;
  path: string;
  /**
   * Path on the host of the only CA to believe. Left out, the server's certificate is not checked, which only a server on the host's own loopback
   * deserves.
   */
  ca?: string;
}

export interface FileFact {
  type: 'file' | 'directory' | 'link' | 'other';
  /** Four octal digits, such as '0644'. */
  mode: string;
  owner: string;
  group: string;
  size: number;
  /** Hex; only of a file. */
  sha256?: string;
}

export interface UnitFact {
  /** systemd's LoadState: 'loaded', 'not-found', 'masked'. */
  load: string;
  /** systemd's ActiveState: 'active', 'inactive', 'failed', 'activating'; a start that is queued counts as the last. */
  active: string;
  /** systemd's UnitFileState: 'enabled', 'disabled', 'static', ''. */
  enabled: string;
  /** The `inputsDigest` of the last `unit` change that started it. */
  startedWith?: string;
}

export interface PackageFact {
  version: string;
  /** Held against upgrades (`apt-mark hold`, dnf's `excludepkgs`). */
  held: boolean;
}

export interface ImageFact {
  /** sha256:… of the manifest or index. */
  digest: string;
  /** The kubelet's garbage collection leaves it alone. */
  pinned: boolean;
}

export interface ContainerFact {
  id: string;
  /** State of its task, such as 'RUNNING'. */
  state: string;
}

export interface ObjectRef {
  /** URL of the API server that the host itself uses: https://<its control plane address>:6443. */
  server: string;
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
}

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  [field: string]: unknown;
}

export interface FirewallFact {
  /** firewalld is active. Everything below is empty when it is not. */
  runs: boolean;
  /** firewall-cmd's own spelling, of the default zone, only what can be Temper's: services, rich rules; sources of the zone 'trusted'. */
  permanent: FirewallRules;
  runtime: FirewallRules;
}

export interface FirewallRules {
  richRules: string[];
  trustedSources: string[];
}

export interface SystemFact {
  hostname: string;
  machineId: string;
  bootId: string;
  os: { id: string; idLike: string; versionId: string; prettyName: string };
  kernel: string;
  architecture: string;
  cpus: number;
  memoryMiB: number;
  /** Active swap devices or files. */
  swap: string[];
  /** IPv4 only; `primary` is false for a secondary address of the same subnet. */
  addresses: { interface: string; address: string; prefixLength: number; primary: boolean }[];
  /** IPv4 routes of the main table with a destination CIDR; the default route is 0.0.0.0/0. */
  routes: { destination: string; interface: string; gateway?: string }[];
  /** Listening TCP sockets and UDP sockets. */
  listening: { protocol: 'tcp' | 'udp'; address: string; port: number; process: string }[];
  nameservers: string[];
  cgroup: 'v1' | 'v2';
  /** Seconds since the epoch, as the host has it, at the moment of reading. */
  clockSeconds: number;
  /** Free MiB of the file system that holds the path. */
  freeMiB: { path: string; free: number }[];
  selinux: 'enforcing' | 'permissive' | 'disabled';
  /** Programs found in PATH out of the ones kubeadm asks for. */
  programs: string[];
  usesSystemdResolved: boolean;
  caFolders: string[];
  /** systemd units that can hold `network-online.target` up for minutes and are enabled. */
  networkOnlineWaiters: string[];
}

export interface CertificateFact extends CertificateSpec {
  notBefore: string;
  notAfter: string;
  /** sha256, hex, of the DER certificate. */
  fingerprint: string;
  /** Hex of the subject key identifier of the signer, as the certificate names it; equal to `subjectKeyId` of its CA. */
  authorityKeyId?: string;
  subjectKeyId?: string;
  keyPresent: boolean;
}

/** What a kubeconfig says, without its key. */
export interface KubeconfigFact {
  server: string;
  user: string;
  context: string;
  /** sha256, hex, of the CA certificate (DER). */
  caFingerprint?: string;
  /** Set when the client certificate is embedded. */
  certificate?: { commonName: string; organizations: string[]; notAfter: string; authorityKeyId?: string };
  /** Set when the client certificate is a file on the host. */
  certificateFile?: string;
}
