import type { CertificateSpec, KeyAlgorithm } from '../../cluster/certificates.js';
import type { MembershipChange } from '../../cluster/etcd-membership.js';
import type { EtcdPod } from '../../cluster/kubeadm/static-pods.js';
import type { HostTarget } from '../../host/target.js';
import type { PackageFormat } from '../../cluster/packages.js';
import type { KubeObject, ObjectRef } from '../facts/facts.js';

/**
 * Data that says one thing to write. Only the executor performs it; each kind has one module in this folder with `describe`, `target`, `apply`.
 * Applying a change twice is harmless. No change holds a secret: the kinds that make one make it on the spot.
 */
export type Change =
  | FileChange
  | DirectoryChange
  | AbsentChange
  | UploadChange
  | PackagesChange
  | UnitChange
  | SysctlChange
  | ModuleChange
  | OpeningsChange
  | ImageChange
  | CertificateChange
  | KeyPairChange
  | KubeconfigChange
  | BootstrapTokenChange
  | BootstrapKubeconfigChange
  | CopyChange
  | ObjectChange
  | EtcdMemberChange
  | EtcdManifestChange
  | CommandChange
  | ElsewhereChange;

export type ChangeKind = Change['kind'];

/** Written atomically: temporary file in the same folder, mode and owner at creation, fsync, rename. Missing parent folders are made 0755 root:root. */
export interface FileChange {
  kind: 'file';
  path: string;
  /** Four octal digits. */
  mode: string;
  content: string;
}

export interface DirectoryChange {
  kind: 'directory';
  path: string;
  mode: string;
}

/** Removes one file, link or empty folder. */
export interface AbsentChange {
  kind: 'absent';
  path: string;
}

/**
 * Files from a folder on the worker's disk (the bundle) to a folder on the host, in this order; goes on where a broken upload stopped; each file is
 * checked against its `sha256` before it gets its name. All that is missing at once: hundreds of changes would say less, and one stream is faster.
 */
export interface UploadChange {
  kind: 'upload';
  source: string;
  path: string;
  /** Paths relative to both folders. Files are 0644, folders 0755. */
  files: { path: string; size: number; sha256: string }[];
}

/** Installed from Temper's own repository alone, exactly these versions, services not started, then held. A long command: re-attachable. */
export interface PackagesChange {
  kind: 'packages';
  format: PackageFormat;
  install: Record<string, string>;
}

/** Enabled and running. It is restarted when it runs with other inputs than `inputsDigest` (the digest of the files it reads at start). */
export interface UnitChange {
  kind: 'unit';
  name: string;
  inputsDigest: string;
}

/** Set now; that it stays so after a reboot is a file's matter (/etc/sysctl.d). */
export interface SysctlChange {
  kind: 'sysctl';
  key: string;
  value: string;
}

/** Loaded now; that it stays so after a reboot is a file's matter (/etc/modules-load.d). */
export interface ModuleChange {
  kind: 'module';
  name: string;
}

/** All that is still missing in firewalld, at once: runtime first, then a new SSH connection, then permanent, with a timed rollback. Only adds. */
export interface OpeningsChange {
  kind: 'openings';
  richRules: string[];
  trustedSources: string[];
}

/** Into containerd's k8s.io namespace. `archive`: imported from the OCI layout folder on the host, and pinned. `registry`: pulled through certs.d. */
export interface ImageChange {
  kind: 'image';
  name: string;
  digest: string;
  from: { archive: string } | 'registry';
}

/** `${path}.key` (0600) and `${path}.crt` (0644), made together on the spot. Made once. */
export interface CertificateChange {
  kind: 'certificate';
  path: string;
  spec: CertificateSpec;
  /** Base path of the CA that signs it; 'self' for a CA. */
  signer: string;
  /** Where the signer's key lies; left out: on this host. */
  signerHost?: HostTarget;
  algorithm: KeyAlgorithm;
  /** Go duration in hours as kubeadm has it (8760 = 1 year). */
  validityHours: number;
  /** 'ca' takes NotBefore from the CA, as kubeadm does for kubeconfig clients; default: five minutes before now. */
  notBefore?: 'ca';
}

/** `${path}.key`, or what `extension` says, and `${path}.pub`, both 0600: kubeadm's service account key, and Salt's keys. Made once. */
export interface KeyPairChange {
  kind: 'keyPair';
  path: string;
  algorithm: KeyAlgorithm;
  /** Of the private key. Default: key. */
  extension?: 'key' | 'pem';
}

/** A kubeconfig (0600) with an embedded client certificate, made and signed on the spot. Made once. */
export interface KubeconfigChange {
  kind: 'kubeconfig';
  path: string;
  server: string;
  clusterName: string;
  user: string;
  organizations: string[];
  /** Base path of the CA. */
  ca: string;
  algorithm: KeyAlgorithm;
  validityHours: number;
}

/** A bootstrap token Secret in kube-system, its id and secret made on the spot. */
export interface BootstrapTokenChange {
  kind: 'bootstrapToken';
  server: string;
  ttlHours: number;
  groups: string[];
  description?: string;
}

/** Label of a bootstrap token that was made for one node, with the node's name: by it the token is found and removed again. */
export const joinLabel = 'temper/joins';

/** The kubelet's kubeconfig until it has a certificate (0600): with a bootstrap token for this host alone, made on the control plane that lets it in. */
export interface BootstrapKubeconfigChange {
  kind: 'bootstrapKubeconfig';
  path: string;
  /** URL of the API server that the kubelet asks. */
  server: string;
  clusterName: string;
  /** Base path of the cluster's CA, on this host. */
  ca: string;
  /** Value of the token's label `joinLabel`: the node that it is for. */
  nodeName: string;
  ttlHours: number;
  /** The control plane that makes the token, and the URL of its API server. */
  from: { host: HostTarget; server: string };
}

/** One file, a key perhaps, from another host through the worker's memory. One that is there stays, unless it is to be replaced. */
export interface CopyChange {
  kind: 'copy';
  path: string;
  mode: string;
  from: { host: HostTarget; path: string };
  replace?: boolean;
}

/** A change on another host than the step's own, such as an object that only a control plane can write. */
export interface ElsewhereChange {
  kind: 'elsewhere';
  host: HostTarget;
  change: Exclude<Change, ElsewhereChange>;
}

/** `create`: refuses to touch what is there. `update`: create, or patch of the differing fields. `apply`: server-side, field manager `temper`. */
export interface ObjectChange {
  kind: 'object';
  server: string;
  /** Default /etc/kubernetes/admin.conf. */
  kubeconfig?: string;
  how: 'create' | 'update' | 'apply';
  object: KubeObject;
}

/**
 * Through a host whose etcd runs. `remove`: the member `id`, that this host once was. `add`: as a learner. `promote`: waits until the learner
 * runs and has caught up. `withdraw`: takes the learner back if it has not started. Nothing is changed that could cost etcd its quorum.
 */
export type EtcdMemberChange = { kind: 'etcdMember'; name: string; peerUrl: string } & MembershipChange;

/** The static pod (0600) of a member that was added: who the others are stands in it, and is known only then. */
export interface EtcdManifestChange {
  kind: 'etcdManifest';
  path: string;
  /** With `membersPlaceholder` among its arguments. */
  pod: EtcdPod;
  name: string;
  peerUrl: string;
  /** A host whose etcd runs. */
  member: HostTarget;
}

/** The way out for what no other kind says. `done` is a script that exits 0 when there is nothing left to do; it is asked under the lock, just before. */
export interface CommandChange {
  kind: 'command';
  /** What it does, for people: 'Restart the kubelet'. Also its target in the plan's hash. */
  title: string;
  script: string;
  args?: string[];
  done: string;
  /** May take more than a few seconds: runs under a transient systemd unit that the next attempt attaches to. */
  long?: boolean;
}

export function objectRef(change: Pick<ObjectChange, 'server' | 'object'>): ObjectRef {
  const { apiVersion, kind, metadata } = change.object;
  return { server: change.server, apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
}
