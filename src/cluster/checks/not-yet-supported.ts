import type { Check } from './check.js';

/** Parts of the schema whose steps do not exist yet. They are refused, because ignoring them would build another cluster than was asked for. */
export const notYetSupported: Check = function* (spec) {
  if (spec.salt?.enabled)
    yield { path: ['salt', 'enabled'], message: 'salt.enabled: true is not yet supported', hint: 'leave salt out' };
};
