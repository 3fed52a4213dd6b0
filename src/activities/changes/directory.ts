import type { DirectoryChange } from './change.js';
import { oneByOne, sha256 } from './kind.js';
import type { Kind } from './kind.js';

export const directory: Kind<DirectoryChange> = {
  target: ({ path }) => path,
  describe: ({ path, mode }) => `Make the folder ${path} (${mode})`,
  content: () => sha256(''),
  mode: ({ mode }) => mode,
  apply: oneByOne((writer, { path, mode }) =>
    writer.write(`making ${path}`, 'mkdir -p "$1"; chmod "$2" "$1"; chown root:root "$1"', { args: [path, mode] }),
  ),
};
