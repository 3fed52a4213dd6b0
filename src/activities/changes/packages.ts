import type { PackageFormat } from '../../cluster/packages.js';
import { aptDone, aptInstall } from './apt.js';
import type { PackagesChange } from './change.js';
import { dnfDone, dnfInstall } from './dnf.js';
import { oneByOne, sha256 } from './kind.js';
import type { Kind } from './kind.js';

export const packages: Kind<PackagesChange> = {
  // Always the same: after an interrupted installation fewer are left, and that is what was approved.
  target: () => 'packages',
  describe: ({ install }) => `Install and hold ${versioned(install).join(', ')}`,
  content: ({ install }) => sha256(versioned(install).join(' ')),
  apply: oneByOne((writer, { format, install }) =>
    writer.long({
      id: 'packages',
      title: 'Install packages',
      script: scripts[format].install,
      args: versioned(install),
      done: scripts[format].done,
    }),
  ),
};

function versioned(install: Record<string, string>): string[] {
  return Object.entries(install)
    .map(([name, version]) => `${name}=${version}`)
    .sort();
}

/** Scripts that take `name=version` for each package. `done` ends with 0 when all are installed and held. */
const scripts: Record<PackageFormat, { install: string; done: string }> = {
  deb: { install: aptInstall, done: aptDone },
  rpm: { install: dnfInstall, done: dnfDone },
};
