import { hostsOf, type Check } from './check.js';

/** Parts of the schema whose steps do not exist yet. They are refused, because ignoring them would build another cluster than was asked for. */
export const notYetSupported: Check = function* (spec) {
  const [, second] = spec.hosts ?? [];
  if (second) yield { path: ['hosts', 1], message: 'a second host is not yet supported', hint: 'leave one host' };
  for (const { path, name, roles } of hostsOf(spec)) {
    if (roles.includes('etcd'))
      yield {
        path: [...path, 'roles'],
        message: `${name}: the role etcd is not yet supported`,
        hint: 'control planes run etcd',
      };
    if (roles.includes('bootstrap') && !roles.includes('control-plane')) {
      const hint = 'add the role control-plane';
      yield {
        path: [...path, 'roles'],
        message: `${name}: the role bootstrap without control-plane is not yet supported`,
        hint,
      };
    }
  }
  if (spec.salt?.enabled)
    yield { path: ['salt', 'enabled'], message: 'salt.enabled: true is not yet supported', hint: 'leave salt out' };
};
