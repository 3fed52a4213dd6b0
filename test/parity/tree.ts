import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasEtcdHosts, type Cluster } from '../../src/cluster/cluster.js';

/** Paths below a host's root that kubeadm writes on every control plane. */
export function manifestsOf(cluster: Cluster): string[] {
  const names = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];
  return [...(hasEtcdHosts(cluster) ? [] : ['etcd']), ...names].map((name) => `etc/kubernetes/manifests/${name}.yaml`);
}

/** On every host. */
export const kubeletFiles = ['config.yaml', 'instance-config.yaml', 'kubeadm-flags.env'].map(
  (name) => `var/lib/kubelet/${name}`,
);

/** Base names below `/etc/kubernetes/pki` of what kubeadm makes on a control plane. */
export function authoritiesOf(cluster: Cluster): string[] {
  return ['ca', 'front-proxy-ca', ...(hasEtcdHosts(cluster) ? [] : ['etcd/ca'])];
}

export function leafCertificatesOf(cluster: Cluster): string[] {
  const ofApiServer = ['apiserver', 'apiserver-kubelet-client', 'front-proxy-client'];
  return [...ofApiServer, ...(hasEtcdHosts(cluster) ? [] : [...memberCertificates, 'apiserver-etcd-client'])];
}

export const memberCertificates = ['etcd/server', 'etcd/peer', 'etcd/healthcheck-client'];

export function textOf(root: string, path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Everything that kubeadm writes: type, mode, owner, path. */
export function listing(root: string): string[] {
  const folders = ['etc/kubernetes', 'var/lib'];
  const output = execFileSync('find', [...folders, '-printf', '%y %m %u:%g %p\n'], { cwd: root, encoding: 'utf8' });
  return output.split('\n').sort();
}

export function contents(root: string): string {
  return execFileSync('sh', ['-c', 'find etc var -type f | sort | xargs sha256sum'], { cwd: root, encoding: 'utf8' });
}
