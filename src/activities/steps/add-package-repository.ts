import { readFile } from 'node:fs/promises';
import { paths } from '../../cluster/paths.js';
import { differingFiles, keptFile, readFiles } from '../kept-files.js';
import { render } from '../render.js';
import { defineStep } from '../step.js';

/** Outside /etc/apt: only Temper's own installations use it, and they use nothing else. */
export const addPackageRepository = defineStep({
  title: 'Add the package repository',
  truth: 'kept',
  read: async ({ facts }, input: PackageRepository) => {
    const wanted = [
      keptFile(paths.aptKey, await readFile(input.key, 'utf8')),
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
  /** Armored public key on the worker's disk. */
  key: string;
}
