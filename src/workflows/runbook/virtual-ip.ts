import { isWhole } from '../../cluster/cluster.js';
import { imageOf } from '../../cluster/images.js';
import { localApiServer } from '../../cluster/kubeadm/certificates.js';
import { controlPlaneEndpoint } from '../../cluster/kubeadm/cluster-configuration.js';
import { virtualRouterOf } from '../../cluster/virtual-ip.js';
import { entry } from './entry.js';

/** On each control plane, as soon as its API server runs. */
export const keepalivedEntry = entry(
  'startKeepalived',
  (cluster, host) => ({
    cluster: cluster.spec.name,
    nodeName: host.name,
    router: virtualRouterOf(cluster, host),
    keepsPeers: !isWhole(cluster),
    server: localApiServer(host),
    image: imageOf(cluster.bundle, 'keepalived').name,
  }),
  ({ spec }) => spec.apiServer.keepalived === true,
);

/** On the first control plane, when its API server runs: an address that somebody else manages leads to it. */
export const endpointEntry = entry(
  'checkEndpoint',
  (cluster) => ({ endpoint: `https://${controlPlaneEndpoint(cluster)}` }),
  ({ spec: { apiServer } }) => apiServer.endpoint !== undefined || apiServer.keepalived === false,
);
