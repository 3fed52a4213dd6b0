import type { Cluster } from '../../cluster/cluster.js';
import { nginxImage, pauseImage, registriesOf } from '../../cluster/images.js';
import { kubeletConfiguration } from '../../cluster/kubeadm/kubelet-configuration.js';
import { openingsOf } from '../../cluster/openings.js';
import { paths } from '../../cluster/paths.js';
import { entry, type RunbookEntry } from './entry.js';

/** From a plain host to one with containerd, every image, and a kubelet that runs static pods, of which the registry is the first. */
export const prepareBootstrapHost: RunbookEntry[] = [
  entry('claimHost', ({ spec }, { name, controlPlaneAddress, workloadPlaneAddress }) => ({
    cluster: spec.name,
    name,
    controlPlaneAddress,
    workloadPlaneAddress,
  })),
  entry('setKernelParameters', () => kernelParameters),
  entry('openFirewall', openingsOf),
  entry('uploadBundle', ({ spec }) => ({ bundle: spec.bundle })),
  entry('addPackageRepository', ({ spec, bundle: { packages } }) => ({
    uri: `file:${paths.bundle}/packages/deb`,
    suite: packages.deb.suite,
    component: packages.deb.component,
    architecture: packages.deb.architecture,
    bundle: spec.bundle,
    key: packages.deb.key,
  })),
  entry('installPackages', ({ bundle }) => ({ install: bundle.packages.deb.install })),
  entry('configureContainerd', ({ spec, bundle }, host) => ({
    pause: pauseImage(bundle).name,
    userConfig: spec.containerd.config,
    registries: [...registriesOf(bundle), ...(spec.images.onlyBundle ? ['_default'] : [])],
    server: `https://${host.controlPlaneAddress}:${spec.repository.port}`,
  })),
  entry('importSeedImages', ({ bundle }) => ({ images: seedImages(bundle).map(nameAndDigest) })),
  entry('startStandaloneKubelet', (cluster, host) => ({
    configuration: kubeletConfiguration(cluster, host),
    hostnameOverride: host.name === host.hostname ? undefined : host.name,
  })),
  entry('createRegistryCertificate', ({ spec }, host) => ({ cluster: spec.name, address: host.controlPlaneAddress })),
  entry('startRegistry', ({ spec, bundle }, host) => ({
    address: host.controlPlaneAddress,
    port: spec.repository.port,
    nginx: nginxImage(bundle).name,
    images: bundle.images.map(({ name, digest, mediaType }) => ({ name, digest, mediaType })),
    probes: [`/packages/deb/dists/${bundle.packages.deb.suite}/InRelease`],
  })),
  entry('pullImages', ({ bundle }) => ({
    images: bundle.images.filter((image) => !seedImages(bundle).includes(image)).map(nameAndDigest),
  })),
];

/** kubeadm's preflight and kube-proxy ask for these. */
const kernelParameters = {
  modules: ['overlay', 'br_netfilter'],
  settings: [
    { key: 'net.ipv4.ip_forward', value: '1' },
    { key: 'net.bridge.bridge-nf-call-iptables', value: '1' },
    { key: 'net.bridge.bridge-nf-call-ip6tables', value: '1' },
  ],
};

function seedImages(bundle: Cluster['bundle']) {
  return [pauseImage(bundle), nginxImage(bundle)];
}

function nameAndDigest({ name, digest }: { name: string; digest: string }) {
  return { name, digest };
}
