import type { BundleSummary } from './bundle.js';

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

/** What runs on control planes, or on the bootstrap host, alone. */
const roleOfImage: Record<string, string> = {
  'kube-apiserver': 'control-plane',
  'kube-controller-manager': 'control-plane',
  'kube-scheduler': 'control-plane',
  etcd: 'control-plane',
  keepalived: 'control-plane',
  'library/nginx': 'bootstrap',
  'salt-master': 'bootstrap',
};

/** The bundle's images that a host with these roles needs. */
export function imagesFor({ images }: BundleSummary, roles: string[]): BundleImage[] {
  return images.filter(({ name }) => {
    const role = roleOfImage[imageParts(name).repository];
    return !role || roles.includes(role);
  });
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
