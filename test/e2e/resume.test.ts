import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ended, startFixture } from './fixture.js';
import type { Ended, Fixture } from './fixture.js';

/** Between two blows a few steps pass, so that most phases are hit. */
const secondsBetweenBlows = 6;

describe('a bootstrap whose worker is killed again and again', () => {
  let fixture: Fixture;
  let result: Ended;
  let kills = 0;

  beforeAll(async () => {
    fixture = await startFixture('kills');
    await fixture.temper('up');
    const bootstrap = fixture.startTemper('bootstrap', fixture.spec, '--yes');
    const end = ended(bootstrap);
    while (bootstrap.exitCode === null) {
      await Promise.race([end, sleep(1000 * secondsBetweenBlows * (0.5 + Math.random()))]);
      if (bootstrap.exitCode === null && (await kill(fixture, 'worker'))) kills++;
    }
    result = await end;
  });

  afterAll(() => fixture?.end());

  test('ends as if nothing had happened, without a question to anybody', async () => {
    expect(kills).toBeGreaterThan(2);
    expect(result, `${kills} kills; ${result.stderr}`).toMatchObject({ code: 0 });
    expect(await fixture.kubectl('get', 'nodes', '--no-headers')).toMatch(/^cp1 +Ready/);
  });

  test('has nothing left to do', async () => {
    const { stdout } = await fixture.temper('plan', fixture.spec, '--json');

    expect(JSON.parse(stdout)).toMatchObject({ hosts: [{ changes: [] }] });
  });

  test('made every key once: nothing on the host has two certificates or a half one', async () => {
    const pairs = `cd /etc/kubernetes/pki && for crt in *.crt etcd/*.crt; do
      [ "$(openssl x509 -in $crt -noout -pubkey)" = "$(openssl pkey -in \${crt%.crt}.key -pubout)" ] || echo $crt; done`;

    expect(await fixture.lab.execOrThrow('cp1', pairs)).toBe('');
  });
});

describe('a bootstrap that loses everything once', () => {
  let fixture: Fixture;
  let authority: string;

  beforeAll(async () => {
    fixture = await startFixture('blows');
  });

  afterAll(() => fixture?.end());

  test('goes on after kill -9 of the client, by the next temper command', async () => {
    const bootstrap = fixture.startTemper('bootstrap', fixture.spec, '--yes');
    await stepDone('uploadBundle');

    bootstrap.kill('SIGKILL');
    await kill(fixture, 'worker');

    await fixture.temper('up');
    await stepDone('installPackages');
  });

  test('goes on after kill -9 of the Temporal server', async () => {
    await kill(fixture, 'server');

    await stepDone('startRegistry');
  });

  test('goes on after the network of the host was away', async () => {
    await fixture.lab.networkCut('cp1');
    await sleep(10_000);
    const { stdout } = await fixture.temper('status', fixture.spec);
    await fixture.lab.networkMend('cp1');

    expect(stdout).toContain('waiting for ssh');
    await stepDone('createCertificateAuthorities');
    authority = await fixture.lab.execOrThrow('cp1', 'cat /etc/kubernetes/pki/ca.crt');
  });

  test('goes on after a power cut of the host, and is not asked to agree again', async () => {
    await fixture.lab.powerCut('cp1');
    await fixture.lab.powerOn('cp1');

    const end = await fixture.temper('bootstrap', fixture.spec, '--yes');

    expect(end, end.stderr).toMatchObject({ code: 0 });
    expect(await fixture.kubectl('get', 'nodes', '--no-headers')).toMatch(/^cp1 +Ready/);
    expect(await fixture.lab.execOrThrow('cp1', 'cat /etc/kubernetes/pki/ca.crt')).toBe(authority);
  });

  test('stands after a reboot, with nothing left to do', async () => {
    await fixture.lab.powerCut('cp1');
    await fixture.lab.powerOn('cp1');

    const again = await fixture.temper('bootstrap', fixture.spec, '--yes');

    expect(again, again.stderr).toMatchObject({ code: 0 });
    expect(again.stdout + again.stderr).toContain('nothing was left to do');
  });

  async function stepDone(step: string): Promise<void> {
    for (;;) {
      const { stdout } = await fixture.temper('status', fixture.spec, '--json');
      const view = JSON.parse(stdout) as { hosts: { steps: { step: string; status: string }[] }[] };
      if (view.hosts.some(({ steps }) => steps.some((one) => one.step === step && one.status === 'done'))) return;
      await sleep(500);
    }
  }
});

/** Returns false when it was not running at that moment. */
async function kill(fixture: Fixture, name: 'worker' | 'server'): Promise<boolean> {
  const text = await readFile(join(fixture.stateFolder, `${name}.json`), 'utf8').catch(() => undefined);
  if (!text) return false;
  try {
    process.kill((JSON.parse(text) as { pid: number }).pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}
