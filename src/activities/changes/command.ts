import type { CommandChange } from './change.js';
import { oneByOne, sha256 } from './kind.js';
import type { Kind } from './kind.js';

export const command: Kind<CommandChange> = {
  target: ({ title }) => title,
  describe: ({ title }) => title,
  content: ({ script, args = [] }) => sha256(JSON.stringify([script, ...args])),
  apply: oneByOne(async (writer, { title, script, args = [], done, long }) => {
    if (long) return writer.long({ id: sha256(title).slice(0, 12), title, script, args, done });
    // In shells of their own: the guard's exit must not end the command.
    await writer.write(
      title,
      'done=$1 script=$2; shift 2\nif sh -c "$done" sh "$@" >/dev/null 2>&1; then exit 0; fi\nsh -c "$script" sh "$@"',
      {
        args: [done, script, ...args],
      },
    );
  }),
};
