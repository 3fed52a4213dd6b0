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
  apply: (writer, changes) => writeFiles(writer, `writing ${inShort(changes)}`, changes),
};

/** What went wrong names the file that it is about. */
function inShort([first, ...others]: readonly FileChange[]): string {
  return others.length > 0 ? `${first!.path} and ${others.length} more` : first!.path;
}
