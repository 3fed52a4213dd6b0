import type { FileChange } from './change.js';
import { sha256 } from './kind.js';
import type { Kind } from './kind.js';
import { writeFiles } from './write-files.js';

export const file: Kind<FileChange> = {
  target: ({ path }) => path,
  describe: ({ path, mode }) => `Write ${path} (${mode})`,
  content: ({ content }) => sha256(content),
  mode: ({ mode }) => mode,
  texts: async ({ path, content }, facts) => ({ before: (await facts.text(path)) ?? '', after: content }),
  apply: (writer, changes) => writeFiles(writer, `writing ${changes.map(({ path }) => path).join(', ')}`, changes),
};
