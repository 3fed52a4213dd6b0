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
  /** Temper's own CA (registry and package repository) and what it signed. */
  temperPki: '/etc/temper/pki',
  nginx: '/etc/temper/nginx',
  standaloneKubeletConfig: '/etc/temper/kubelet-standalone.yaml',
  standaloneKubeletDropIn: '/etc/systemd/system/kubelet.service.d/20-temper-standalone.conf',
  /** Fence, records of long commands, bundle. */
  state: '/var/lib/temper',
  bundle: '/var/lib/temper/bundle',

  containerd: '/etc/containerd',
  containerdSocket: '/var/run/containerd/containerd.sock',
} as const;
