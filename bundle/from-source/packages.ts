import { relative } from 'node:path';

import { goPrograms } from './go-programs.js';
import { versions } from './versions.js';

/** A package that we build ourselves, for Debian and for RHEL. Its fixed files lie in packages/<name>, at the paths where a host gets them. */
export interface Package {
  version: string;
  description: string;
  /** Further lines of Debian's control file; what they say of our own packages is also said to dnf. */
  relations: Record<string, string>;
  /** Paths on the host, then build and file or folder there. */
  binaries: Record<string, [build: string, file: string]>;
  links?: Record<string, string>;
  /** Empty folders, mode 0755. */
  folders?: string[];
}

const kubernetes = `${versions.kubernetes.slice(1)}-1.1`;

/**
 * The seven Kubernetes commands are one program, which would fill three packages with the same 150 MB. It has a package of its own, so that
 * kubectl still comes without the kubelet's service.
 */
const program = { name: 'kubernetes-commands', path: '/usr/lib/kubernetes/commands' };

function command(name: string, details: Partial<Package> & { needs?: string }): Package {
  const { needs, ...rest } = details;
  return {
    version: kubernetes,
    description: `Kubernetes: ${name}`,
    relations: { Depends: [`${program.name} (= ${kubernetes})`, needs].filter(Boolean).join(', ') },
    binaries: {},
    links: { [`/usr/bin/${name}`]: relative('/usr/bin', program.path) },
    ...rest,
  };
}

export const packages: Record<string, Package> = {
  [program.name]: {
    version: kubernetes,
    description: 'Kubernetes: the program behind kubelet, kubeadm and kubectl',
    relations: {},
    binaries: { [program.path]: ['kubernetes', 'kubernetes'] },
  },
  kubelet: command('kubelet', {
    needs: 'iptables (>= 1.4.21), kubernetes-cni (>= 1.2.0), mount, util-linux',
    folders: ['/etc/kubernetes/manifests', '/var/lib/kubelet'],
  }),
  kubeadm: command('kubeadm', {}),
  kubectl: command('kubectl', {}),
  'kubernetes-cni': {
    version: `${versions.cniPlugins}-1.1`,
    description: 'Plugins of the Container Network Interface',
    relations: {},
    binaries: Object.fromEntries(
      Object.keys(goPrograms['cni-plugins'].binaries).map((name) => [`/opt/cni/bin/${name}`, ['cni-plugins', name]]),
    ),
  },
  containerd: {
    version: `${versions.containerd}-1.1`,
    description: 'Container runtime',
    // An upgrade of Debian's package of this name; Docker's containerd.io holds the same files.
    relations: { Depends: 'runc', Conflicts: 'containerd.io', Replaces: 'containerd.io' },
    binaries: Object.fromEntries(
      ['containerd', 'containerd-shim-runc-v2', 'ctr'].map((name) => [`/usr/bin/${name}`, ['containerd', name]]),
    ),
  },
  'salt-minion': {
    version: `${versions.salt}-1.1`,
    description: 'Salt: the minion',
    // Upstream's own packages hold the same files. RHEL's python3.11 is in its AppStream, and has to be there beforehand.
    relations: { Depends: 'libstdc++6, python3.11', Conflicts: 'salt-common', Replaces: 'salt-common' },
    binaries: { '/opt/salt': ['salt', 'salt'] },
    links: Object.fromEntries(
      ['salt-call', 'salt-minion'].map((name) => [`/usr/bin/${name}`, `/opt/salt/bin/${name}`]),
    ),
    folders: ['/etc/salt/minion.d'],
  },
};

/** Debian packages that ours depend on, which a repository that is used alone must hold. */
export const dependencies = ['libstdc++6', 'mount', 'python3.11', 'util-linux'];

/** What a host needs from Debian beside our packages. Never firewalld, keepalived or nginx: Debian starts services at their installation. */
export const fromDebian = [
  'conntrack',
  'ebtables',
  'ethtool',
  'iproute2',
  'iptables',
  'kmod',
  'nftables',
  'runc',
  'socat',
];
