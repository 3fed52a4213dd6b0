import type { SysctlChange } from './change.js';
import { oneByOne, sha256 } from './kind.js';
import type { Kind } from './kind.js';

export const sysctl: Kind<SysctlChange> = {
  target: ({ key }) => key,
  describe: ({ key, value }) => `Set ${key} to ${value}`,
  content: ({ value }) => sha256(value),
  apply: oneByOne((writer, { key, value }) =>
    writer.write(`setting ${key}`, `printf '%s\\n' "$2" >"/proc/sys/$(printf %s "$1" | tr ./ /.)"`, {
      args: [key, value],
    }),
  ),
};
