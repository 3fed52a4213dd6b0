import type { Cluster, HostRecord } from '../../cluster/cluster.js';
import { kubeletConfiguration } from '../../cluster/kubeadm/kubelet-configuration.js';
import { kubeletFlagsText, kubeletInstanceText } from '../../cluster/kubeadm/kubelet-flags.js';
import { runsStandaloneKubelet } from './roles.js';

/** What kubeadm leaves for the kubelet, of a first control plane and of every host that joins. */
export function kubeletFiles(cluster: Cluster, host: HostRecord) {
  return {
    configuration: kubeletConfiguration(cluster, host),
    instanceText: kubeletInstanceText,
    flagsText: kubeletFlagsText(host),
    nodeName: host.name,
    wasStandalone: runsStandaloneKubelet(cluster, host),
  };
}
