import type { PackageFormat } from '../../cluster/packages.js';
import type { Change } from '../changes/change.js';
import type { PackageFact } from '../facts/facts.js';
import { defineStep } from '../step.js';

/** Kubernetes, its runtime and Salt in the bundle's very version, and held; of everything else whatever version the host has. */
export const installPackages = defineStep({
  title: 'Install the packages',
  truth: 'kept',
  read: async ({ facts }, { install }: InstallPackagesInput): Promise<Record<string, PackageFact | undefined>> =>
    Object.fromEntries(await Promise.all(Object.keys(install).map(async (name) => [name, await facts.package(name)]))),
  plan: ({ format, install }, present): Change[] => {
    const missing = Object.entries(install).filter(([name, version]) => !isRight(name, version, present[name]));
    return missing.length ? [{ kind: 'packages', format, install: Object.fromEntries(missing) }] : [];
  },
});

export interface InstallPackagesInput {
  format: PackageFormat;
  /** Version by name. */
  install: Record<string, string>;
}

const ofTheClustersVersion = /^(containerd|kubeadm|kubectl|kubelet|kubernetes-.*|salt-minion)$/;

function isRight(name: string, version: string, present: PackageFact | undefined): boolean {
  if (!present || !ofTheClustersVersion.test(name)) return present !== undefined;
  return present.version === version && present.held;
}
