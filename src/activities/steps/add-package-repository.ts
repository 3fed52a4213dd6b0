import type { PackageFormat } from '../../cluster/packages.js';
import { paths } from '../../cluster/paths.js';
import { bundleText } from '../bundle-files.js';
import { differingFiles, keptFile, readFiles } from '../kept-files.js';
import { render } from '../render.js';
import { defineStep } from '../step.js';

/** Outside /etc/apt and /etc/yum.repos.d: only Temper's own installations use it, and they use nothing else. */
export const addPackageRepository = defineStep({
  title: 'Add the package repository',
  truth: 'kept',
  read: async ({ facts }, input: PackageRepository) => {
    const { source, key } = places[input.format];
    const wanted = [
      keptFile(key, await bundleText(input.bundle, input.key)),
      keptFile(source, render(source, { ...input, key, ca: `${paths.temperPki}/ca.crt`, cache: `${paths.state}/dnf` })),
    ];
    return { wanted, present: await readFiles(facts, wanted) };
  },
  plan: (_input, { wanted, present }) => differingFiles(wanted, present),
});

const places: Record<PackageFormat, { source: string; key: string }> = {
  deb: { source: paths.aptSource, key: paths.aptKey },
  rpm: { source: paths.dnfConfig, key: paths.dnfKey },
};

export type PackageRepository = Repository &
  ({ format: 'deb'; suite: string; component: string; architecture: string } | { format: 'rpm' });

interface Repository {
  uri: string;
  /** Folder on the worker's disk. */
  bundle: string;
  /** Armored public key in the bundle. */
  key: string;
}
