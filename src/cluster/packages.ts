import type { Bundle } from './bundle.js';
import type { HostRecord } from './cluster.js';
import type { ClusterSpec } from './spec.js';

/** A repository of the bundle, in packages/<format>. */
export type HostPackages =
  ({ format: 'deb' } & Bundle['packages']['deb']) | ({ format: 'rpm' } & NonNullable<Bundle['packages']['rpm']>);

export type PackageFormat = HostPackages['format'];

/** Where a host gets its packages from; undefined when the bundle has none for its OS. One of no known family is tried as Debian. */
export function packagesFor(
  packages: Bundle['packages'],
  family: HostRecord['os']['family'],
): HostPackages | undefined {
  return byFamily[family](packages);
}

const byFamily: Record<HostRecord['os']['family'], (packages: Bundle['packages']) => HostPackages | undefined> = {
  debian: ({ deb }) => ({ format: 'deb', ...deb }),
  rhel: ({ rpm }) => rpm && { format: 'rpm', ...rpm },
  other: ({ deb }) => ({ format: 'deb', ...deb }),
};

/** What of `install` the hosts of a cluster need, version by name. */
export function packagesToInstall(install: Record<string, string>, spec: ClusterSpec): Record<string, string> {
  return Object.fromEntries(Object.entries(install).filter(([name]) => neededBy[name]?.(spec) ?? true));
}

/** Packages that not every cluster needs. */
const neededBy: Record<string, (spec: ClusterSpec) => boolean> = {
  'salt-minion': ({ salt }) => salt.enabled,
};

/** A path of each repository that is there as soon as its packages can be had. */
export function repositoryIndexes({ deb, rpm }: Bundle['packages']): string[] {
  return [`packages/deb/dists/${deb.suite}/InRelease`, ...(rpm ? ['packages/rpm/repodata/repomd.xml'] : [])];
}
