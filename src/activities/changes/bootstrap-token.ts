import { randomInt } from 'node:crypto';
import type { BootstrapTokenChange } from './change.js';
import { oneByOne } from './kind.js';
import type { Kind } from './kind.js';
import { object } from './object.js';

export const bootstrapToken: Kind<BootstrapTokenChange> = {
  target: ({ groups }) => groups.join(', '),
  describe: ({ ttlHours, groups }) => `Make a bootstrap token for ${groups.join(', ')}, good for ${ttlHours} hours`,
  content: ({ groups, ttlHours }) => `<bootstrap token of ${groups.join(', ')} for ${ttlHours} hours>`,
  apply: oneByOne(async (writer, { server, ttlHours, groups, description }) => {
    const id = characters(6);
    const data = {
      'auth-extra-groups': groups.join(','),
      ...(description ? { description } : {}),
      expiration: new Date(Date.now() + ttlHours * 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z'),
      'token-id': id,
      'token-secret': characters(16),
      'usage-bootstrap-authentication': 'true',
      'usage-bootstrap-signing': 'true',
    };
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: `bootstrap-token-${id}`, namespace: 'kube-system' },
      type: 'bootstrap.kubernetes.io/token',
      stringData: data,
    };
    await object.apply(writer, [{ kind: 'object', server, how: 'create', object: secret }]);
  }),
};

function characters(count: number): string {
  return Array.from({ length: count }, () => 'abcdefghijklmnopqrstuvwxyz0123456789'[randomInt(36)]).join('');
}
