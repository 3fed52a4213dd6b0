import type { CopyChange } from './change.js';
import type { Kind } from './kind.js';
import { writeFiles } from './write-files.js';
import { readHostFile } from './writer.js';

export const copy: Kind<CopyChange> = {
  target: ({ path }) => path,
  describe: ({ path, from }) => `Copy ${from.path} from ${from.host.name}${from.path === path ? '' : ` to ${path}`}`,
  content: ({ from }) => `<${from.path} of ${from.host.name}>`,
  mode: ({ mode }) => mode,
  apply: async (writer, changes) => {
    const files = await Promise.all(
      changes.map(async ({ path, mode, from, replace }) => ({
        path,
        mode,
        content: await readHostFile(await writer.elsewhere(from.host), from.path),
        unless: replace ? [] : [path],
      })),
    );
    await writeFiles(writer, `copying ${changes.map(({ path }) => path).join(', ')}`, files);
  },
};
