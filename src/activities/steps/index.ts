/* eslint-disable @typescript-eslint/no-explicit-any -- each step has its own input and facts; the registry only knows that they fit each other. */
import type { Step } from '../step.js';
import { addPackageRepository } from './add-package-repository.js';
import { claimHost } from './claim-host.js';
import { configureContainerd } from './configure-containerd.js';
import { createRegistryCertificate } from './create-registry-certificate.js';
import { importSeedImages } from './import-seed-images.js';
import { installPackages } from './install-packages.js';
import { openFirewall } from './open-firewall.js';
import { pullImages } from './pull-images.js';
import { setKernelParameters } from './set-kernel-parameters.js';
import { startRegistry } from './start-registry.js';
import { startStandaloneKubelet } from './start-standalone-kubelet.js';
import { uploadBundle } from './upload-bundle.js';

/** Every step by its name, which is its activity type in the Web UI. Order is the runbook's matter (src/workflows/runbook). */
export const steps = {
  claimHost,
  setKernelParameters,
  openFirewall,
  uploadBundle,
  addPackageRepository,
  installPackages,
  configureContainerd,
  importSeedImages,
  startStandaloneKubelet,
  createRegistryCertificate,
  startRegistry,
  pullImages,
} satisfies Record<string, Step<any, any>>;

export type StepName = keyof typeof steps;
export type StepInput<Name extends StepName> = Parameters<(typeof steps)[Name]['read']>[1];
