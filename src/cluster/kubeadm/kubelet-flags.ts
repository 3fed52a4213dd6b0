import type { HostRecord } from '../cluster.js';
import type { Argument } from './cluster-configuration-overrides.js';
import { criSocket } from './kubelet-configuration.js';

/** `nodeRegistration.kubeletExtraArgs`: binds the kubelet to the control-plane address, which thereby is the Node's InternalIP. */
export function kubeletExtraArgs(host: HostRecord): Argument[] {
  return [
    { name: 'node-ip', value: host.controlPlaneAddress },
    { name: 'address', value: host.controlPlaneAddress },
  ];
}

/** Of a host that only serves the others: a worker node that keeps other pods away. */
export const bootstrapTaint = { key: 'node-role.kubernetes.io/bootstrap', effect: 'NoSchedule' };

export function isBootstrapAlone({ roles }: HostRecord): boolean {
  return roles.every((role) => role === 'bootstrap');
}

/** /var/lib/kubelet/kubeadm-flags.env. kubeadm overrides the host name only where the node is called otherwise. */
export function kubeletFlagsText(host: HostRecord): string {
  const flags = [
    ...(host.name === host.hostname ? [] : [{ name: 'hostname-override', value: host.name }]),
    ...(isBootstrapAlone(host)
      ? [{ name: 'register-with-taints', value: `${bootstrapTaint.key}:${bootstrapTaint.effect}` }]
      : []),
    ...kubeletExtraArgs(host),
  ];
  return `KUBELET_KUBEADM_ARGS="${flags.map(({ name, value }) => `--${name}=${value}`).join(' ')}"\n`;
}

/** /var/lib/kubelet/instance-config.yaml. */
export const kubeletInstanceText = `containerRuntimeEndpoint: "${criSocket}"\n`;
