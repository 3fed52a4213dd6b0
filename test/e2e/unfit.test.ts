import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { startFixture } from './fixture.js';
import type { Fixture } from './fixture.js';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture('unfit');
});

afterEach(() => fixture.writeSpec());

afterAll(() => fixture?.end());

/** What is wrong, and the words that a person needs to mend it. */
const specs: [string, (text: string) => string, string[]][] = [
  ['a host that is not there', (text) => text.replace('10.77.0.11', '10.77.0.99'), ['SSH_UNREACHABLE', '10.77.0.99']],
  [
    'a user whom nobody knows',
    (text) => text.replace('user: ops', 'user: nobody-here'),
    ['SSH_AUTH_FAILED', 'nobody-here'],
  ],
  [
    'a key file that is missing',
    (text) => text.replace(/identityFile: .*/, 'identityFile: /nowhere/id'),
    ['/nowhere/id'],
  ],
  [
    'a host key that nobody checked',
    (text) => text.replace(/knownHosts: .*/, 'knownHosts: /dev/null'),
    ['SSH_HOST_KEY_UNKNOWN', 'SHA256:'],
  ],
  [
    'no address in the networks',
    (text) => text.replace('10.77.0.0/24', '10.78.0.0/24'),
    ['10.78.0.0/24', '10.77.0.11'],
  ],
  [
    'pods where the host already routes',
    (text) => text.replace('workloadPlane:', 'pods: 10.77.0.0/16\n    workloadPlane:'),
    ['10.77.0.0/16'],
  ],
  ['a bundle that is missing', (text) => text.replace(/bundle: .*/, 'bundle: /nowhere'), ['/nowhere']],
];

describe.each(specs)('%s', (_, change, words) => {
  test('is refused before anything is touched, with exit code 2', async () => {
    await fixture.writeSpec(change);

    const { code, stdout, stderr } = await fixture.temper('bootstrap', fixture.spec, '--yes');

    expect(code, stdout + stderr).toBe(2);
    for (const word of words) expect(stdout + stderr).toContain(word);
    expect(await touched()).toBe('');
  });
});

test('a changed host key is told from an unknown one', async () => {
  const known = join(fixture.folder, 'known_hosts');
  const other = await fixture.lab.execOrThrow(
    'cp1',
    'ssh-keygen -q -t ed25519 -N "" -f /root/other && cat /root/other.pub',
  );
  await writeFile(known, `10.77.0.11 ${other.split(' ').slice(0, 2).join(' ')}\n`);
  await fixture.writeSpec((text) => text.replace(/knownHosts: .*/, `knownHosts: ${known}`));

  const { code, stderr } = await fixture.temper('bootstrap', fixture.spec, '--yes');

  expect(code).toBe(2);
  expect(stderr).toContain('SSH_HOST_KEY_CHANGED');
});

test('a user who needs a password for sudo is told what to do', async () => {
  await fixture.lab.execOrThrow('cp1', 'mv /etc/sudoers.d /root/');

  const { code, stderr } = await fixture.temper('bootstrap', fixture.spec, '--yes');
  await fixture.lab.execOrThrow('cp1', 'mv /root/sudoers.d /etc/');

  expect(code).toBe(2);
  expect(stderr).toContain('SUDO_PASSWORD_NEEDED');
});

test('a bundle with a changed byte is named by its file', async () => {
  const bundle = join(fixture.folder, 'bundle');
  await cp(fixture.bundle, bundle, { recursive: true });
  await writeFile(join(bundle, 'manifests/flannel.yaml'), 'changed: true\n');
  await fixture.writeSpec((spec) => spec.replace(fixture.bundle, bundle));

  const bootstrapped = await fixture.temper('bootstrap', fixture.spec, '--yes');
  const verified = await fixture.temper('bundle', 'verify', bundle);

  expect(bootstrapped.code).toBe(2);
  expect(bootstrapped.stderr).toContain('manifests/flannel.yaml');
  expect(verified.code).toBe(2);
  expect(verified.stdout + verified.stderr).toContain('manifests/flannel.yaml');
});

test('everything that is wrong with a host is said at once', async () => {
  await fixture.lab.execOrThrow(
    'cp1',
    'ip route add 10.233.7.0/24 via 10.77.0.1; mkdir -p /var/lib/etcd/member; echo > /etc/resolv.conf; systemd-run -q --unit=holder nc -lk 10.77.0.11 6443 || systemd-run -q --unit=holder python3 -m http.server -b 10.77.0.11 6443',
  );
  await fixture.writeSpec((text) => text.replace('- SystemVerification', '- nothing'));

  const { code, stdout, stderr } = await fixture.temper('check', fixture.spec, '--hosts');

  expect(code).toBe(2);
  for (const words of [
    '10.233.7.0/24',
    'DirAvailable--var-lib-etcd',
    'Port-6443',
    'SystemVerification',
    'nameserver',
  ]) {
    expect(stdout + stderr).toContain(words);
  }
  expect(await touched()).toBe('');
});

/** What Temper would have left. */
async function touched(): Promise<string> {
  return fixture.lab.execOrThrow('cp1', 'ls -d /etc/temper /var/lib/temper /etc/kubernetes 2>/dev/null || true');
}
