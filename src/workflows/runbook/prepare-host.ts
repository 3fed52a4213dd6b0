import type { PackageRepository } from '../../activities/steps/add-package-repository.js';
import { bootstrapHostOf, isNode } from '../../cluster/cluster.js';
import type { Cluster, HostRecord } from '../../cluster/cluster.js';
import { settledBy } from '../../cluster/host-record.js';
import { imagesFor, nginxImage, pauseImage, registriesOf, type BundleImage } from '../../cluster/images.js';
import { openingsOf } from '../../cluster/openings.js';
import { packagesFor, packagesToInstall, type HostPackages } from '../../cluster/packages.js';
import { hostTarget } from '../host-target.js';
import { entry, type RunbookEntry } from './entry.js';
import { kubeletFiles } from './kubelet-files.js';
import { runsStandaloneKubelet } from './roles.js';

/** What every host needs at first: an owner, a kernel and a firewall that let a cluster work. */
export const readyHost: RunbookEntry[] = [
  entry('claimHost', ({ spec }, { name, controlPlaneAddress, workloadPlaneAddress }) => ({
    cluster: spec.name,
    name,
    controlPlaneAddress,
    workloadPlaneAddress,
    settled: settledBy(spec),
  })),
  entry('setKernelParameters', () => kernelParameters),
  entry('openFirewall', openingsOf),
];

/** Packages, from wherever the host gets them, and a container runtime that asks our registry. */
export const installPackagesAndRuntime: RunbookEntry[] = [
  entry('installPackages', ({ spec, bundle }, host) => {
    const { format, install } = packagesOf(bundle, host);
    return { format, install: packagesToInstall(install, spec) };
  }),
  entry('configureContainerd', ({ spec, bundle, ...cluster }) => ({
    pause: pauseImage(bundle).name,
    userConfig: spec.containerd.config,
    registries: [...registriesOf(bundle), ...(spec.images.onlyBundle ? ['_default'] : [])],
    server: registryUrl({ spec, bundle, ...cluster }),
  })),
];

export const startStandaloneKubelet: RunbookEntry = entry(
  'startStandaloneKubelet',
  (cluster, host) => ({
    kubelet: kubeletFiles(cluster, host),
    isNode: isNode(host),
    hostnameOverride: host.name === host.hostname ? undefined : host.name,
  }),
  runsStandaloneKubelet,
);

/** Every host but the bootstrap host, which serves them all. */
export const prepareHost: RunbookEntry[] = [
  entry('trustRegistry', (cluster) => ({
    bootstrapHost: hostTarget(cluster.spec, bootstrapHostOf(cluster).name),
  })),
  entry('addPackageRepository', (cluster, host) =>
    packageRepository(cluster, host, `${registryUrl(cluster)}/packages`),
  ),
  ...installPackagesAndRuntime,
  entry('pullImages', (cluster, host) => ({ images: imagesFor(cluster, host).map(nameAndDigest) })),
  startStandaloneKubelet,
];

/** `folder`: URL of the bundle's packages. */
export function packageRepository({ spec, bundle }: Cluster, host: HostRecord, folder: string): PackageRepository {
  const { install: _, ...repository } = packagesOf(bundle, host);
  return { ...repository, uri: `${folder}/${repository.format}`, bundle: spec.bundle };
}

function packagesOf(bundle: Cluster['bundle'], { name, os }: HostRecord): HostPackages {
  const packages = packagesFor(bundle.packages, os.family);
  if (!packages) throw new RangeError(`the preflight let ${name} pass, for which the bundle has no packages`);
  return packages;
}

/** What cannot come from the registry, because the registry needs it. */
export function seedImages(bundle: Cluster['bundle']): BundleImage[] {
  return [pauseImage(bundle), nginxImage(bundle)];
}

export function nameAndDigest({ name, digest }: BundleImage): { name: string; digest: string } {
  return { name, digest };
}

function registryUrl(cluster: Cluster): string {
  return `https://${bootstrapHostOf(cluster).controlPlaneAddress}:${cluster.spec.repository.port}`;
}

/** kubeadm's preflight and kube-proxy ask for these. */
const kernelParameters = {
  modules: ['overlay', 'br_netfilter'],
  settings: [
    { key: 'net.ipv4.ip_forward', value: '1' },
    { key: 'net.bridge.bridge-nf-call-iptables', value: '1' },
    { key: 'net.bridge.bridge-nf-call-ip6tables', value: '1' },
  ],
};
