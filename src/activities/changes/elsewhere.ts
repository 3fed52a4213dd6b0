import type { Change, ElsewhereChange } from './change.js';
import { oneByOne } from './kind.js';
import type { Kind } from './kind.js';

/** `kindOf` is the registry that this kind itself stands in. */
export function elsewhere(kindOf: (change: Change) => Kind<Change>): Kind<ElsewhereChange> {
  return {
    target: ({ host, change }) => `${host.name}: ${change.kind} ${kindOf(change).target(change)}`,
    describe: ({ host, change }) => `On ${host.name}: ${kindOf(change).describe(change)}`,
    content: ({ change }) => kindOf(change).content(change),
    mode: ({ change }) => kindOf(change).mode?.(change) ?? '',
    apply: oneByOne(async (writer, { host, change }) => kindOf(change).apply(await writer.elsewhere(host), [change])),
  };
}
