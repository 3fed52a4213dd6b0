import { kubernetesFolders, versions } from './versions.js';

/** A folder with a go.mod beside this file, and what is built in it. */
export interface GoProgram {
  /** Default: the program's name. */
  folder?: string;
  /** Name of the binary, and the package it is built from. */
  binaries: Record<string, string>;
  /** String variables set by the linker: the version that the program says it has. */
  variables?: Record<string, string>;
  tags?: string[];
  /** Taken from upstream's module: its main.go without the imports that match, and files to keep beside the binaries. */
  upstream?: { module: string; mainWithout: RegExp; files: Record<string, string> };
}

const kubernetesVersion = {
  gitVersion: versions.kubernetes,
  gitMajor: versions.kubernetes.slice(1).split('.')[0] ?? '',
  gitMinor: versions.kubernetes.split('.')[1] ?? '',
  gitTreeState: 'clean',
};

const containerd = 'github.com/containerd/containerd/v2';
const flannel = 'github.com/flannel-io/flannel';
const cniPlugins = 'github.com/containernetworking/plugins';

export const goPrograms = {
  kubernetes: {
    folder: kubernetesFolders[versions.kubernetes],
    binaries: { kubernetes: '.' },
    variables: {
      ...inPackage('k8s.io/component-base/version', kubernetesVersion),
      ...inPackage('k8s.io/client-go/pkg/version', kubernetesVersion),
    },
  },
  etcd: {
    binaries: {
      etcd: 'go.etcd.io/etcd/server/v3',
      etcdctl: 'go.etcd.io/etcd/etcdctl/v3',
      etcdutl: 'go.etcd.io/etcd/etcdutl/v3',
    },
  },
  coredns: { binaries: { coredns: '.' } },
  containerd: {
    binaries: {
      containerd: `${containerd}/cmd/containerd`,
      'containerd-shim-runc-v2': `${containerd}/cmd/containerd-shim-runc-v2`,
      ctr: `${containerd}/cmd/ctr`,
    },
    variables: inPackage(`${containerd}/version`, { Version: `v${versions.containerd}` }),
    tags: ['static_build', 'no_btrfs', 'no_devmapper', 'no_zfs'],
  },
  'cni-plugins': {
    binaries: {
      ...cniPluginsIn('ipam', 'dhcp', 'host-local', 'static'),
      ...cniPluginsIn('main', 'bridge', 'dummy', 'host-device', 'ipvlan', 'loopback', 'macvlan', 'ptp', 'tap', 'vlan'),
      ...cniPluginsIn('meta', 'bandwidth', 'firewall', 'portmap', 'sbr', 'tuning', 'vrf'),
    },
    variables: inPackage(`${cniPlugins}/pkg/utils/buildversion`, { BuildVersion: `v${versions.cniPlugins}` }),
  },
  nfpm: { binaries: { nfpm: 'github.com/goreleaser/nfpm/v2/cmd/nfpm' } },
  flannel: {
    binaries: { flanneld: '.', flannel: './cni-plugin', 'install-conf': `${flannel}/cmd/install_conf` },
    variables: inPackage(`${flannel}/pkg/version`, { Version: versions.flannel }),
    upstream: {
      module: flannel,
      // One backend needs a cloud's SDK that the module proxy does not serve, the other cgo.
      mainWithout: /\/backend\/(tencentvpc|udp)"/,
      files: { 'flannel.yaml': 'Documentation/kube-flannel.yml' },
    },
  },
} as const satisfies Record<string, GoProgram>;

export type GoProgramName = keyof typeof goPrograms;

function inPackage(path: string, variables: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [`${path}.${name}`, value]));
}

function cniPluginsIn(kind: string, ...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `${cniPlugins}/plugins/${kind}/${name}`]));
}
