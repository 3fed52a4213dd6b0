/** What the bundle from source is made of. The Go modules' versions stand in their go.mod too; a test compares them. */
export const versions = {
  kubernetes: 'v1.36.3',
  etcd: '3.6.8-0',
  coredns: 'v1.14.2',
  pause: '3.10.2',
  containerd: '2.2.9',
  cniPlugins: '1.9.1',
  flannel: 'v0.28.10',
  /** The version that flannel's manifest asks for. */
  flannelCniPlugin: 'v1.9.1-flannel3',
} as const;
