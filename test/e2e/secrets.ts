import { parse } from 'yaml';

import type { Fixture } from './fixture.js';

export interface Secret {
  name: string;
  /** Pieces that cannot stand anywhere by chance: lines of a key, of its base64, or a token. */
  marks: string[];
}

/** Every private key and token that the host has, found by looking, not by a list. */
export async function secretsOf(fixture: Fixture): Promise<Secret[]> {
  const find = `grep -rlE -- 'PRIVATE KEY|client-key-data' /etc/kubernetes /etc/temper /etc/salt /var/lib/kubelet/pki`;
  const files = (await fixture.lab.execOrThrow('cp1', find)).trim().split('\n');
  const secrets = await Promise.all(
    files.map(async (name) => ({ name, marks: marksOf(await fixture.lab.execOrThrow('cp1', ['cat', name])) })),
  );
  return [...secrets, ...(await tokens(fixture))];
}

function marksOf(text: string): string[] {
  const keys: string[] = text.match(/-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]+/g) ?? [];
  const embedded = text.match(/client-key-data: (\S+)/)?.[1];
  if (embedded) keys.push(Buffer.from(embedded, 'base64').toString());
  const lines = keys.flatMap((key) =>
    key
      .split('\n')
      .slice(1)
      .filter((line) => line.length >= 32),
  );
  return [...lines, ...(embedded ? [embedded.slice(200, 280)] : [])];
}

async function tokens(fixture: Fixture): Promise<Secret[]> {
  const listed = await fixture.kubectl('get', 'secrets', '-n', 'kube-system', '-o', 'yaml');
  const { items } = parse(listed) as { items: { metadata: { name: string }; data: Record<string, string> }[] };
  return items
    .filter(({ data }) => data['token-secret'])
    .map(({ metadata, data }) => {
      const encoded = data['token-secret']!;
      return { name: metadata.name, marks: [Buffer.from(encoded, 'base64').toString(), encoded] };
    });
}
