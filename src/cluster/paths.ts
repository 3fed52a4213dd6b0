/** Folders and files on a host. kubeadm's own first, then Temper's. */
export const paths = {
  kubernetes: '/etc/kubernetes',
  manifests: '/etc/kubernetes/manifests',
  pki: '/etc/kubernetes/pki',
  kubelet: '/var/lib/kubelet',
  etcdData: '/var/lib/etcd',

  /** Temper's configuration on a host. */
  temper: '/etc/temper',
  /** Name, cluster and addresses of this host; marks it as ours. */
  hostRecord: '/etc/temper/host.yaml',
  /** sha256 of the cluster CA's certificate: tells this cluster's Kubernetes files from another's. */
  clusterCaRecord: '/etc/temper/cluster-ca.sha256',
  /** The package repository, for installations by Temper alone. */
  aptSource: '/etc/temper/apt/temper.sources',
  aptKey: '/etc/temper/apt/temper.asc',
  dnfConfig: '/etc/temper/dnf/dnf.conf',
  dnfKey: '/etc/temper/dnf/temper.asc',
  /** Temper's own CA (registry and package repository). */
  temperPki: '/etc/temper/pki',
  /** Configuration and certificate of the registry. */
  nginx: '/etc/temper/nginx',
  keepalived: '/etc/temper/keepalived',
  /** Configuration and keys of the Salt master, whose container has the folder as /etc/salt. */
  saltMaster: '/etc/temper/salt',
  /** Salt's own folder, with the minion's configuration and keys. */
  salt: '/etc/salt',
  saltMinionConfig: '/etc/salt/minion.d/temper.conf',
  saltMinionDropIn: '/etc/systemd/system/salt-minion.service.d/20-temper.conf',
  standaloneKubeletConfig: '/etc/temper/kubelet-standalone.yaml',
  standaloneKubeletDropIn: '/etc/systemd/system/kubelet.service.d/20-temper-standalone.conf',
  /** Fence, records of long commands, bundle. */
  state: '/var/lib/temper',
  /** Begins with the generation of the run that wrote last. */
  fence: '/var/lib/temper/fence',
  bundle: '/var/lib/temper/bundle',

  containerd: '/etc/containerd',
  containerdSocket: '/var/run/containerd/containerd.sock',
} as const;
