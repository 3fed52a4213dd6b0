import { expect, test } from 'vitest';
import { bootstrapToken } from '../../src/activities/changes/bootstrap-token.js';
import type { Change } from '../../src/activities/changes/change.js';
import type { Writer } from '../../src/activities/changes/writer.js';
import type { KubeObject } from '../../src/activities/facts/facts.js';
import { answersOfTemper } from './configurations.js';
import { dryRun, findKubeadm } from './kubeadm.js';
import { bootstrapIn, hostRoot } from './our-host.js';

test('a bootstrap token says the same, but for its id, its secret and the moment it ends', async () => {
  const cluster = answersOfTemper.defaults!;
  const host = cluster.hosts[0]!;
  const { objects } = dryRun(await findKubeadm(), cluster, host);
  const theirs = objects.find(({ type }) => type === 'bootstrap.kubernetes.io/token')!;
  const planned = await bootstrapIn({ [host.name]: hostRoot() }, cluster, host);

  const ours = await secretOf(planned.find((change) => change.kind === 'bootstrapToken')!);

  expect(comparable({ ...ours, data: ours.stringData, stringData: undefined })).toEqual(comparable(decoded(theirs)));
});

/** What the change sends to the API server. */
async function secretOf(change: Extract<Change, { kind: 'bootstrapToken' }>): Promise<KubeObject> {
  const sent: string[] = [];
  const write: Writer['write'] = async (_what, _script, options) => {
    sent.push(String(options?.stdin));
    return '';
  };
  const nothing = { code: 0, stdout: '', stderr: '' };
  await bootstrapToken.apply({ ask: async () => nothing, write } as unknown as Writer, [change]);
  return JSON.parse(sent[0]!).items[0];
}

function decoded(secret: KubeObject): KubeObject {
  const data = Object.entries(secret.data as Record<string, string>);
  return {
    ...secret,
    data: Object.fromEntries(data.map(([key, value]) => [key, Buffer.from(value, 'base64').toString()])),
  };
}

function comparable(secret: KubeObject): unknown {
  const { 'token-id': id, 'token-secret': password, expiration, ...data } = secret.data as Record<string, string>;
  const hours = Math.round((Date.parse(expiration!) - Date.now()) / 3_600_000);
  const forms = {
    id: /^[a-z0-9]{6}$/.test(id!),
    password: /^[a-z0-9]{16}$/.test(password!),
    zone: expiration!.slice(19),
  };
  return {
    ...secret,
    metadata: { ...secret.metadata, name: secret.metadata.name.replace(id!, 'ID') },
    data,
    hours,
    forms,
  };
}
