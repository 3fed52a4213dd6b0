import type { AbsentChange } from './change.js';
import { oneByOne, sha256 } from './kind.js';
import type { Kind } from './kind.js';

export const absent: Kind<AbsentChange> = {
  target: ({ path }) => path,
  describe: ({ path }) => `Remove ${path}`,
  content: () => sha256(''),
  texts: async ({ path }, facts) => ({ before: (await facts.text(path)) ?? '', after: '' }),
  apply: oneByOne((writer, { path }) => writer.write(`removing ${path}`, script, { args: [path] })),
};

const script = `if [ -d "$1" ] && [ ! -L "$1" ]; then rmdir "$1"; else rm -f "$1"; fi`;
