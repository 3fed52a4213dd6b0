import type { Cluster, HostRecord } from '../../cluster/cluster.js';
import { sharedPki } from '../../cluster/kubeadm/certificates.js';
import {
  clusterConfiguration,
  controlPlaneEndpoint,
  serviceOfApiServer,
} from '../../cluster/kubeadm/cluster-configuration.js';
import { networkAddOn, networkAgents } from '../../cluster/network-add-ons.js';
import { entry, type RunbookEntry } from './entry.js';
import { kubeletFiles } from './kubelet-files.js';
import { admitting } from './roles.js';

/** The kubelet has a certificate of its own and needs its token no more. */
export const registerNode: RunbookEntry[] = [
  entry('waitForRegistration', (_cluster, { name }) => ({ nodeName: name })),
  entry('removeJoinToken', (cluster, { name }) => ({ nodeName: name, controlPlane: admitting(cluster) })),
];

/** What `kubeadm join` does on a host that is no control plane. */
export const joinWorkerNode: RunbookEntry[] = [
  entry('copyCertificateAuthorities', (cluster) => ({
    from: admitting(cluster).host,
    authority: sharedPki.ca,
    files: [{ path: `${sharedPki.ca}.crt`, mode: '0644' }],
  })),
  entry('startJoiningKubelet', (cluster, host) =>
    joiningKubelet(cluster, host, `https://${controlPlaneEndpoint(cluster)}`),
  ),
  ...registerNode,
  entry('labelNode', (cluster, host) => ({
    nodeName: host.name,
    labels: cluster.spec.hosts.find(({ name }) => name === host.name)?.labels ?? {},
    controlPlane: admitting(cluster),
  })),
];

/** `server`: URL of the API server that the kubelet is to ask. */
export function joiningKubelet(cluster: Cluster, host: HostRecord, server: string) {
  return {
    files: kubeletFiles(cluster, host),
    server,
    clusterName: clusterConfiguration(cluster).clusterName,
    controlPlane: admitting(cluster),
  };
}

/** The end of each join, when the network add-on has come. */
export const confirmNode: RunbookEntry[] = [
  entry('waitForNode', (cluster, { name }) => {
    const addOn = networkAddOn(cluster);
    return { nodeName: name, agent: addOn && networkAgents[addOn], services: serviceOfApiServer(cluster) };
  }),
];
