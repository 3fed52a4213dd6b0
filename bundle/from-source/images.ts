import { versions } from './versions.js';
import { packageImages } from '../package-image.js';
import { listLibraries, type Userland } from '../userland.js';

/** One image: its layers from the bottom up, and what it runs when nothing else is said. */
export interface Image {
  name: string;
  layers: string[];
  entrypoint?: string[];
  /** Runs when no other command is given; unlike an entrypoint it is then left out. */
  command?: string[];
  user?: string;
}

/** Path in the image, then the finished build and the file or folder there. */
export type LayerFiles = Record<string, [build: string, file: string]>;

const kubernetesCommands = ['kube-apiserver', 'kube-controller-manager', 'kube-proxy', 'kube-scheduler'];

const iptablesCommands = [
  'iptables',
  'iptables-restore',
  'iptables-save',
  'ip6tables',
  'ip6tables-restore',
  'ip6tables-save',
];

/** Layers made of our own builds. */
export const builtLayers: Record<string, LayerFiles> = {
  /** One program under four names, as hard links, so it is stored once. Its four images share this layer. */
  kubernetes: Object.fromEntries(
    kubernetesCommands.map((name) => [`/usr/local/bin/${name}`, ['kubernetes', 'kubernetes']]),
  ),
  etcd: Object.fromEntries(['etcd', 'etcdctl', 'etcdutl'].map((name) => [`/usr/local/bin/${name}`, ['etcd', name]])),
  coredns: { '/coredns': ['coredns', 'coredns'] },
  pause: { '/pause': ['pause', 'pause'] },
  flanneld: { '/opt/bin/flanneld': ['flannel', 'flanneld'], '/opt/bin/install-conf': ['flannel', 'install-conf'] },
  'flannel-cni-plugin': { '/flannel': ['flannel', 'flannel'] },
  salt: { '/opt/salt': ['salt', 'salt'] },
};

/** What people and Temper run in the container of salt-master. */
const saltCommands = ['salt', 'salt-call', 'salt-key', 'salt-master', 'salt-run'];

/** Layers made of Debian packages. */
export const userlands = {
  network: {
    packages: ['busybox', 'conntrack', 'ipset', 'iptables', 'kmod', 'nftables'],
    links: Object.fromEntries(iptablesCommands.map((name) => [`usr/sbin/${name}`, 'xtables-nft-multi'])),
    proof: 'iptables --version; nft --version; conntrack --version; ipset version; modprobe --version',
  },
  keepalived: packageImages.keepalived.userland,
  python: {
    packages: ['busybox', 'libc-bin', 'libstdc++6', 'openssl', 'python3.11', 'python3.11-minimal', 'zlib1g'],
    links: Object.fromEntries(saltCommands.map((name) => [`usr/bin/${name}`, `/opt/salt/bin/${name}`])),
    // A container writes no compiled modules that its successor would find.
    prepare: `${listLibraries}; PYTHONHASHSEED=0 python3.11 -m compileall -q --invalidation-mode unchecked-hash /usr/lib/python3.11`,
    proof: 'openssl version; python3.11 -c "import ctypes.util, ssl; assert ctypes.util.find_library(\'crypto\')"',
  },
  nginx: { packages: ['busybox', 'nginx', 'nginx-common', 'zlib1g'], links: {}, proof: 'nginx -v' },
  tools: { packages: ['busybox', 'libc-bin'], links: {}, proof: 'getent ahosts 127.0.0.1' },
} as const satisfies Record<string, Userland>;

/** Versions of what Debian brings, which are known only when it has been downloaded. */
export interface DebianVersions {
  keepalived: string;
  nginx: string;
  busybox: string;
}

/** The images of the bundle: those that kubeadm lists, the network plugin, keepalived, salt-master, the registry, and a shell with DNS tools for checks. */
export function images(debian: DebianVersions): Image[] {
  return [
    ...kubernetesCommands.map((name): Image => {
      const userland = name === 'kube-proxy' ? ['network'] : [];
      return {
        name: `registry.k8s.io/${name}:${versions.kubernetes}`,
        layers: ['skeleton', 'kubernetes', ...userland],
        entrypoint: [`/usr/local/bin/${name}`],
      };
    }),
    {
      name: `registry.k8s.io/etcd:${versions.etcd}`,
      layers: ['skeleton', 'etcd'],
      entrypoint: ['/usr/local/bin/etcd'],
    },
    {
      name: `registry.k8s.io/coredns/coredns:${versions.coredns}`,
      layers: ['skeleton', 'coredns'],
      entrypoint: ['/coredns'],
    },
    { name: `registry.k8s.io/pause:${versions.pause}`, layers: ['pause'], entrypoint: ['/pause'], user: '65535:65535' },
    {
      name: `ghcr.io/flannel-io/flannel:${versions.flannel}`,
      layers: ['skeleton', 'network', 'flanneld'],
      entrypoint: ['/opt/bin/flanneld'],
    },
    {
      name: `ghcr.io/flannel-io/flannel-cni-plugin:${versions.flannelCniPlugin}`,
      layers: ['skeleton', 'tools', 'flannel-cni-plugin'],
      entrypoint: ['/flannel'],
    },
    {
      name: `temper.internal/keepalived:${debian.keepalived}`,
      layers: ['skeleton', 'keepalived'],
      entrypoint: [packageImages.keepalived.program],
    },
    {
      name: `temper.internal/salt-master:${versions.salt}`,
      layers: ['skeleton', 'python', 'salt'],
      entrypoint: ['/opt/salt/bin/salt-master'],
    },
    { name: `docker.io/library/nginx:${debian.nginx}`, layers: ['skeleton', 'nginx'], entrypoint: ['/usr/sbin/nginx'] },
    { name: `docker.io/library/busybox:${debian.busybox}`, layers: ['skeleton', 'tools'], command: ['sh'] },
  ];
}
