import type { BundleSummary } from './bundle.js';
import { isControlPlane, isNode, runsEtcd, type Cluster, type HostRecord } from './cluster.js';

export type BundleImage = BundleSummary['images'][number];

/** `registry.k8s.io/coredns/coredns:v1.14.2` in its parts. */
export function imageParts(name: string): { registry: string; repository: string; tag: string } {
  const parts = /^([^/]+)\/(.+):([^:/]+)$/.exec(name);
  if (!parts) throw new Error(`${name} is not a full image name with a tag`);
  const [, registry, repository, tag] = parts as unknown as [string, string, string, string];
  return { registry, repository, tag };
}

/** Hosts that the bundle's image names begin with, each once. */
export function registriesOf({ images }: BundleSummary): string[] {
  return [...new Set(images.map(({ name }) => imageParts(name).registry))].sort();
}

type Placement = (cluster: Cluster, host: HostRecord) => boolean;

const onControlPlanes: Placement = (_, host) => isControlPlane(host);
const onBootstrapHost: Placement = (_, { roles }) => roles.includes('bootstrap');
const onNodes: Placement = (_, host) => isNode(host);

/** Where an image runs, by its repository. One that is not listed runs on every node. */
const placements: Record<string, Placement> = {
  pause: () => true,
  'kube-apiserver': onControlPlanes,
  'kube-controller-manager': onControlPlanes,
  'kube-scheduler': onControlPlanes,
  etcd: runsEtcd,
  keepalived: ({ spec }, host) => spec.apiServer.keepalived === true && isControlPlane(host),
  'library/nginx': onBootstrapHost,
  'salt-master': (cluster, host) => cluster.spec.salt.enabled && onBootstrapHost(cluster, host),
};

/** The bundle's images that the host needs. */
export function imagesFor(cluster: Cluster, host: HostRecord): BundleImage[] {
  return cluster.bundle.images.filter(({ name }) =>
    (placements[imageParts(name).repository] ?? onNodes)(cluster, host),
  );
}

/** kubeadm's sandbox image: containerd needs it before any pod. */
export function pauseImage(bundle: BundleSummary): BundleImage {
  return imageOf(bundle, 'pause');
}

/** Serves all the other images, so it cannot be pulled itself. */
export function nginxImage(bundle: BundleSummary): BundleImage {
  return imageOf(bundle, 'library/nginx');
}

/** The bundle's image of a repository, such as `etcd` or `coredns/coredns`. Throws when the bundle has none. */
export function imageOf({ images }: BundleSummary, repository: string): BundleImage {
  const image = images.find(({ name }) => imageParts(name).repository === repository);
  if (!image) throw new Error(`the bundle has no image ${repository}`);
  return image;
}
