import type { Change } from '../changes/change.js';
import { differingFiles, keptFile, readFiles } from '../kept-files.js';
import { render } from '../render.js';
import { defineStep } from '../step.js';

/** Modules before settings: net.bridge exists only once br_netfilter is loaded. */
export const setKernelParameters = defineStep({
  title: 'Set kernel parameters',
  truth: 'kept',
  read: async ({ facts }, input: KernelParameters) => ({
    files: await readFiles(facts, filesOf(input)),
    loaded: await Promise.all(input.modules.map((name) => facts.module(name))),
    values: await Promise.all(input.settings.map(({ key }) => facts.sysctl(key))),
  }),
  plan: (input, { files, loaded, values }): Change[] => [
    ...differingFiles(filesOf(input), files),
    ...input.modules.filter((_, i) => !loaded[i]).map((name) => ({ kind: 'module' as const, name })),
    ...input.settings
      .filter(({ value }, i) => values[i] !== value)
      .map((setting) => ({ kind: 'sysctl' as const, ...setting })),
  ],
});

export interface KernelParameters {
  modules: string[];
  settings: { key: string; value: string }[];
}

function filesOf(input: KernelParameters) {
  return ['/etc/modules-load.d/temper.conf', '/etc/sysctl.d/99-temper.conf'].map((path) =>
    keptFile(path, render(path, input)),
  );
}
