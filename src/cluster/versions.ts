/** What kubeadm of a Kubernetes minor deploys beside Kubernetes itself. */
export interface Companions {
  etcd: string;
  coredns: string;
  pause: string;
}

/**
 * The minors whose manifests Temper writes. A patch release may raise a companion, so the bundle, which is made for one exact version, has the
 * last word; `kubeadm config images list` is where it looks.
 */
export const supportedMinors: Record<string, Companions> = {
  '1.36': { etcd: '3.6.8-0', coredns: 'v1.14.2', pause: '3.10.2' },
};

/** Names of the images that kubeadm pulls for `version` (such as v1.36.3), in its order; undefined when its minor is not supported. */
export function kubeadmImages(version: string): string[] | undefined {
  const companions = supportedMinors[minorOf(version)];
  if (!companions) return undefined;
  const components = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'];
  return [
    ...components.map((name) => `${name}:${version}`),
    `coredns/coredns:${companions.coredns}`,
    `pause:${companions.pause}`,
    `etcd:${companions.etcd}`,
  ].map((image) => `registry.k8s.io/${image}`);
}

/** `1.36` of `v1.36.3` or of the package version `1.36.3-1.1`. */
export function minorOf(version: string): string {
  return numbersOf(version).slice(0, 2).join('.');
}

/** Negative when `one` is older. Looks at the first three numbers only. */
export function compareVersions(one: string, other: string): number {
  const others = numbersOf(other);
  return (
    numbersOf(one)
      .map((number, index) => number - others[index]!)
      .find((difference) => difference !== 0) ?? 0
  );
}

function numbersOf(version: string): [number, number, number] {
  const numbers = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version);
  if (!numbers) throw new RangeError(`'${version}' is not a version such as v1.36.3`);
  return [Number(numbers[1]), Number(numbers[2]), Number(numbers[3])];
}
