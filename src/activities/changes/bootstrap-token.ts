import { randomInt } from 'node:crypto';
import type { BootstrapTokenChange } from './change.js';
import { oneByOne } from './kind.js';
import type { Kind } from './kind.js';
import { object } from './object.js';
import type { Writer } from './writer.js';

export const bootstrapToken: Kind<BootstrapTokenChange> = {
  target: ({ groups }) => groups.join(', '),
  describe: ({ ttlHours, groups }) => `Make a bootstrap token for ${groups.join(', ')}, good for ${ttlHours} hours`,
  content: ({ groups, ttlHours }) => `<bootstrap token of ${groups.join(', ')} for ${ttlHours} hours>`,
  apply: oneByOne<BootstrapTokenChange>(createToken),
};

/** Makes a token's Secret on the host of `writer`. Returns the token, for the memory of the worker and a file of mode 0600. */
export async function createToken(
  writer: Writer,
  { server, ttlHours, groups, description, labels }: TokenRequest,
): Promise<string> {
  const [id, secret] = [characters(6), characters(16)];
  const stringData = {
    'auth-extra-groups': groups.join(','),
    ...(description ? { description } : {}),
    expiration: new Date(Date.now() + ttlHours * 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z'),
    'token-id': id,
    'token-secret': secret,
    'usage-bootstrap-authentication': 'true',
    'usage-bootstrap-signing': 'true',
  };
  const metadata = { name: `bootstrap-token-${id}`, namespace: 'kube-system', ...(labels ? { labels } : {}) };
  const wanted = { apiVersion: 'v1', kind: 'Secret', metadata, type: 'bootstrap.kubernetes.io/token', stringData };
  await object.apply(writer, [{ kind: 'object', server, how: 'create', object: wanted }]);
  return `${id}.${secret}`;
}

type TokenRequest = Omit<BootstrapTokenChange, 'kind'> & { labels?: Record<string, string> };

function characters(count: number): string {
  return Array.from({ length: count }, () => 'abcdefghijklmnopqrstuvwxyz0123456789'[randomInt(36)]).join('');
}
