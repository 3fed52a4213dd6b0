/** The patch release before the pinned one, of which a bundle can be made too: upgrades begin there. */
export const earlierKubernetes = 'v1.36.1';
const pinnedKubernetes = 'v1.36.3';

/** What the bundle from source is made of. The versions of Go modules and of Salt stand in their go.mod and requirements.txt too; a test compares them. */
export const versions = {
  kubernetes: process.env.TEMPER_BUNDLE === 'earlier' ? earlierKubernetes : pinnedKubernetes,
  etcd: '3.6.8-0',
  coredns: 'v1.14.2',
  pause: '3.10.2',
  containerd: '2.2.9',
  cniPlugins: '1.9.1',
  flannel: 'v0.28.10',
  /** The version that flannel's manifest asks for. */
  flannelCniPlugin: 'v1.9.1-flannel3',
  salt: '3008.2',
} as const;

/** Folders of Kubernetes' go.mod, by version. */
export const kubernetesFolders = {
  [pinnedKubernetes]: 'kubernetes',
  [earlierKubernetes]: `kubernetes-${earlierKubernetes}`,
} as const;
