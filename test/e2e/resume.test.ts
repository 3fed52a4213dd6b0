import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startFixture } from './fixture.js';
import type { Fixture } from './fixture.js';

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
    await fixture.kill('worker');

    await fixture.temper('up');
    await stepDone('installPackages');
  });

  test('goes on after kill -9 of the Temporal server', async () => {
    await fixture.kill('server');

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

  test('stands right after a reboot, while its API server starts, with nothing left to do', async () => {
    await fixture.lab.powerCut('cp1');
    await fixture.lab.powerOn('cp1');
    const again = await fixture.temper('bootstrap', fixture.spec, '--yes');

    expect(again, again.stderr).toMatchObject({ code: 0 });
    expect(again.stdout + again.stderr).toContain('nothing was left to do');
  });

  async function stepDone(step: string): Promise<void> {
    for (;;) {
      const { stdout } = await fixture.temper('status', fixture.spec, '--json');
      // Before the run has begun there is only an error to tell.
      const { hosts = [] } = JSON.parse(stdout) as { hosts?: { steps: { step: string; status: string }[] }[] };
      if (hosts.some(({ steps }) => steps.some((one) => one.step === step && one.status === 'done'))) return;
      await sleep(500);
    }
  }
});
