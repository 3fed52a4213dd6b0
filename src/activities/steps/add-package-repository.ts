import { paths } from '../../cluster/paths.js';
import { bundleText } from '../bundle-files.js';
import { differingFiles, keptFile, readFiles } from '../kept-files.js';
import { render } from '../render.js';
import { defineStep } from '../step.js';

/** Outside /etc/apt: only Temper's own installations use it, and they use nothing else. */
export const addPackageRepository = defineStep({
  title: 'Add the package repository',
  truth: 'kept',
  read: async ({ facts }, input: PackageRepository) => {
    const wanted = [
      keptFile(paths.aptKey, await bundleText(input.bundle, input.key)),
      keptFile(paths.aptSource, render(paths.aptSource, { ...input, key: paths.aptKey })),
    ];
    return { wanted, present: await readFiles(facts, wanted) };
  },
  plan: (_input, { wanted, present }) => differingFiles(wanted, present),
});

export interface PackageRepository {
  uri: string;
  suite: string;
  component: string;
  architecture: string;
  /** Folder on the worker's disk. */
  bundle: string;
  /** Armored public key in the bundle. */
  key: string;
}
