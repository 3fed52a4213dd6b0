import type { ModuleChange } from './change.js';
import { oneByOne, sha256 } from './kind.js';
import type { Kind } from './kind.js';

export const module: Kind<ModuleChange> = {
  target: ({ name }) => name,
  describe: ({ name }) => `Load the kernel module ${name}`,
  content: () => sha256(''),
  apply: oneByOne((writer, { name }) => writer.write(`loading ${name}`, 'modprobe "$1"', { args: [name] })),
};
