import { expect, test } from 'vitest';
import type { Change } from '../../src/activities/changes/change.js';
import { planHost, verifyHost } from '../../src/activities/plan-host.js';
import type { PlannedStep } from '../../src/activities/plan-host.js';
import { bareHost, hostView } from './fake-host.js';

const motd: Change = { kind: 'file', path: '/etc/motd', mode: '0644', content: 'new\n' };
const made: Change = { kind: 'keyPair', path: '/etc/kubernetes/pki/sa', algorithm: 'RSA-2048' };

test('every change is named with what will stand there', async () => {
  const host = bareHost();
  host.files['/etc/motd'] = { type: 'file', mode: '0644', content: 'old\n' };

  const plan = await planHost([planned('greet', motd), planned('makeKeys', made)], hostView(host));

  expect(plan.changes).toMatchObject([
    {
      step: 'greet',
      kind: 'file',
      target: '/etc/motd',
      mode: '0644',
      content: '7aa7a5359173d05b63cfd682e3c38487f3cb4f7f1d60659fe59fab1505977d4c',
      says: 'Write /etc/motd (0644)',
      diff: expect.stringContaining('@@ -1,1 +1,1 @@\n-old\n+new\n'),
    },
    { step: 'makeKeys', kind: 'keyPair', content: '<key pair /etc/kubernetes/pki/sa>', diff: undefined },
  ]);
});

test('the hash is the same for the same changes, and for no others', async () => {
  const hash = async (...steps: PlannedStep[]) => (await planHost(steps, hostView(bareHost()))).hash;
  const standing = await hash(planned('greet', motd), planned('makeKeys', made));

  expect(await hash(planned('makeKeys', made), planned('greet', motd))).toBe(standing);
  expect(await hash(planned('greet', motd))).not.toBe(standing);
  expect(await hash(planned('greet', { ...motd, content: 'other\n' }), planned('makeKeys', made))).not.toBe(standing);
  expect(await hash(planned('greet', { ...motd, mode: '0600' }), planned('makeKeys', made))).not.toBe(standing);
  expect(await hash(planned('welcome', motd), planned('makeKeys', made))).not.toBe(standing);
});

test('a secret that stands in a file is not shown', async () => {
  const host = bareHost();
  const secret =
    '-----BEGIN RSA PRIVATE KEY-----\nMARK\n-----END RSA PRIVATE KEY-----\ntoken: MARK\nabcdef.0123456789abcdef\n';
  host.files['/etc/motd'] = { type: 'file', mode: '0644', content: secret };

  const plan = JSON.stringify(await planHost([planned('greet', motd)], hostView(host)));

  expect(plan).toContain('<private key>');
  expect(plan).not.toMatch(/MARK|0123456789abcdef/);
});

test('a long plan stays below what Temporal takes', async () => {
  const content = (i: number) => Array.from({ length: 2000 }, (_, line) => `${i} ${line}\n`).join('');
  const changes = Array.from({ length: 100 }, (_, i) => ({ ...motd, path: `/etc/${i}`, content: content(i) }));

  const plan = await planHost([planned('write', ...changes)], hostView(bareHost()));

  expect(plan.changes).toHaveLength(100);
  expect(plan.changes[0]!.diff!.length).toBeLessThan(8.5 * 1024);
  expect(JSON.stringify(plan).length).toBeLessThan(256 * 1024);
});

test('what is left to do is named by the verification', async () => {
  await expect(verifyHost([planned('greet', motd)], hostView(bareHost()))).rejects.toMatchObject({
    code: 'STEP_INCOMPLETE',
    message: expect.stringMatching(/: after greet this is still to be done: Write \/etc\/motd \(0644\)$/),
  });
  await verifyHost([planned('nothing')], hostView(bareHost()));
});

function planned(name: string, ...changes: Change[]): PlannedStep {
  return { name, input: {}, step: { title: name, truth: 'kept', read: async () => ({}), plan: () => changes } };
}
