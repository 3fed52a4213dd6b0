import type { Complaint } from './addresses.js';
import { paths } from './paths.js';

/** A path of a host, as Kubernetes takes it for a volume. */
export function explainHostPath(text: string): Complaint | undefined {
  if (!text.startsWith('/')) return { message: `'${text}' is not an absolute path`, hint: 'it begins with /' };
  if (/\p{Cc}/u.test(text)) return { message: `'${text}' has a control character` };
  if (!text.split('/').includes('..')) return undefined;
  return { message: `'${text}' leads back by ..`, hint: 'write where it leads' };
}

/** A path in a container: Kubernetes separates what follows it by a colon. */
export function explainMountPath(text: string): Complaint | undefined {
  return explainHostPath(text) ?? (text.includes(':') ? { message: `'${text}' has a colon` } : undefined);
}

/** Where etcd keeps its data: kubeadm makes the folder readable by etcd alone, and empties it on reset. */
export function explainEtcdFolder(text: string): Complaint | undefined {
  const complaint = explainMountPath(text);
  if (complaint) return complaint;
  if (/\s/.test(text)) return { message: `'${text}' has a blank`, hint: `as in ${paths.etcdData}` };
  const plain = `/${text
    .split('/')
    .filter((part) => part && part !== '.')
    .join('/')}`;
  if (plain !== text) return { message: `'${text}' is not spelled plainly`, hint: `write ${plain}` };
  const holder = Object.keys(ownedFolders).find((folder) => text === folder || text.startsWith(`${folder}/`));
  const owner = holder ? ownedFolders[holder] : sharedFolders.includes(text) && 'many programs';
  if (!owner) return undefined;
  const message = `'${text}' belongs to ${owner}`;
  return { message, hint: `a folder that is etcd's alone, as in ${paths.etcdData}` };
}

/** With all that lies in them. */
const ownedFolders: Record<string, string> = {
  [paths.kubernetes]: 'Kubernetes',
  [paths.kubelet]: 'the kubelet',
  [paths.temper]: 'Temper',
  [paths.state]: 'Temper',
  [paths.containerd]: 'containerd',
  '/var/lib/containerd': 'containerd',
  '/var/lib/cni': 'the network add-on',
  '/var/lib/calico': 'the network add-on',
  '/var/lib/kube-proxy': 'Kubernetes',
  '/opt/cni': 'the network add-on',
  '/tmp': 'nobody for long: hosts empty it',
  '/var/tmp': 'nobody for long: hosts empty it',
  '/var/log': 'the log files',
  '/var/cache': 'caches',
  ...Object.fromEntries(
    [
      'bin',
      'boot',
      'dev',
      'etc',
      'lib',
      'lib32',
      'lib64',
      'proc',
      'run',
      'sbin',
      'sys',
      'usr',
      'var/lib/dpkg',
      'var/lib/rpm',
      'var/lib/systemd',
      'var/run',
    ].map((folder) => [`/${folder}`, 'the system']),
  ),
};

/** Themselves; a folder in them may be etcd's. */
const sharedFolders = ['/', '/home', '/media', '/mnt', '/opt', '/root', '/var', '/var/lib'];
