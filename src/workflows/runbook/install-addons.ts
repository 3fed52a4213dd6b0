import { serviceAddress } from '../../cluster/addresses.js';
import { imageOf } from '../../cluster/images.js';
import { localApiServer } from '../../cluster/kubeadm/certificates.js';
import {
  clusterConfiguration,
  controlPlaneEndpoint,
  serviceOfApiServer,
} from '../../cluster/kubeadm/cluster-configuration.js';
import { kubeProxyConfiguration } from '../../cluster/kubeadm/kube-proxy-configuration.js';
import { networkAddOn, networkOf } from '../../cluster/network-add-ons.js';
import { entry, type RunbookEntry } from './entry.js';

/** kubeadm's two add-ons and the network between pods. The network's agent asks a Service, so kube-proxy comes first; the pods of CoreDNS need both. */
export const installAddons: RunbookEntry[] = [
  entry('installKubeProxy', (cluster, host) => ({
    server: localApiServer(host),
    endpoint: `https://${controlPlaneEndpoint(cluster)}`,
    services: serviceOfApiServer(cluster),
    image: imageOf(cluster.bundle, 'kube-proxy').name,
    configuration: kubeProxyConfiguration(cluster),
    isGiven: Object.keys(cluster.spec.kubernetes.kubeProxyConfiguration).length > 0,
  })),
  entry(
    'installNetwork',
    (cluster, host) => {
      const network = networkOf(cluster);
      return {
        server: localApiServer(host),
        nodeName: host.name,
        network,
        manifest: cluster.bundle.manifests[network.addOn]!,
        bundle: cluster.spec.bundle,
      };
    },
    (cluster) => networkAddOn(cluster) !== undefined,
  ),
  entry('installCoreDns', (cluster, host) => {
    const { dnsDomain, serviceSubnet } = clusterConfiguration(cluster).networking;
    return {
      server: localApiServer(host),
      image: imageOf(cluster.bundle, 'coredns/coredns').name,
      address: serviceAddress(serviceSubnet, 10),
      dnsDomain,
      hasNetwork: networkAddOn(cluster) !== undefined,
    };
  }),
];
