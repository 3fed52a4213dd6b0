import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ended, startFixture } from './fixture.js';
import type { Ended, Fixture } from './fixture.js';
import { exportHistories } from './histories.js';

/** A look takes a second of processor time, which the bootstrap needs too. */
const secondsBetweenLooks = 2;

/** Between two blows a few steps pass, so that most phases are hit. */
const secondsBetweenKills = 6;

/** On a slow machine a worker hardly gets anywhere between two blows, and the bootstrap is to end. */
const mostKills = 8;

describe('a bootstrap that loses everything', () => {
  let fixture: Fixture;
  let authority: string;
  let end: Ended;
  /** When the worker was killed while somebody followed the run, in milliseconds since the epoch. */
  const kills: number[] = [];

  beforeAll(async () => {
    fixture = await startFixture('blows');
  });

  afterAll(() => fixture?.end());

  test('goes on after kill -9 of the client and the worker, by the next temper command', async () => {
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
    const status = async () => (await fixture.temper('status', fixture.spec)).stdout;
    await expect.poll(status, { timeout: 60_000, interval: 2000 }).toContain('waiting for ssh');
    await fixture.lab.networkMend('cp1');

    await stepDone('createCertificateAuthorities');
    authority = await fixture.lab.execOrThrow('cp1', 'cat /etc/kubernetes/pki/ca.crt');
  });

  test('goes on after a power cut of the host, though its worker dies again and again, without a question to anybody', async () => {
    await fixture.lab.powerCut('cp1');
    await fixture.lab.powerOn('cp1');

    const bootstrap = fixture.startTemper('bootstrap', fixture.spec, '--yes');
    const ending = ended(bootstrap);
    while (bootstrap.exitCode === null && kills.length < mostKills) {
      await Promise.race([ending, sleep(1000 * secondsBetweenKills * (0.5 + Math.random()))]);
      if (bootstrap.exitCode === null && (await fixture.kill('worker'))) kills.push(Date.now());
    }
    end = await ending;

    expect(end, `${kills.length} kills; ${end.stderr}`).toMatchObject({ code: 0 });
    expect(kills.length).toBeGreaterThan(2);
    expect(await fixture.kubectl('get', 'nodes', '--no-headers')).toMatch(/^cp1 +Ready/);
    expect(await fixture.lab.execOrThrow('cp1', 'cat /etc/kubernetes/pki/ca.crt')).toBe(authority);
  });

  test('tells how long each death of the worker stopped it', async ({ annotate }) => {
    const { starts } = await exportHistories(fixture);
    const seconds = kills.map((kill) => ((starts.find((start) => start > kill)! - kill) / 1000).toFixed(1));

    // Reported, not judged: it depends on what else this machine does.
    await annotate(`seconds from kill -9 of the worker to the next step running: ${seconds.join(', ')}`);
    expect(seconds).not.toContain('NaN');
  });

  test('made every key once: nothing on the host has two certificates or a half one', async () => {
    const pairs = `cd /etc/kubernetes/pki && for crt in *.crt etcd/*.crt; do
      [ "$(openssl x509 -in $crt -noout -pubkey)" = "$(openssl pkey -in \${crt%.crt}.key -pubout)" ] || echo $crt; done`;

    expect(await fixture.lab.execOrThrow('cp1', pairs)).toBe('');
  });

  test('stands right after a reboot, while its API server starts, with nothing left to do', async () => {
    await fixture.lab.powerCut('cp1');
    await fixture.lab.powerOn('cp1');
    const again = await fixture.temper('bootstrap', fixture.spec, '--yes');

    expect(again, again.stderr).toMatchObject({ code: 0 });
    expect(again.stdout + again.stderr).toContain('nothing was left to do');
  });

  /** Until then the worker dies now and then, and the next look starts it again. */
  async function stepDone(step: string): Promise<void> {
    while (!(await fixture.isDone(step))) {
      if (Math.random() < 1 / 4) await fixture.kill('worker');
      await sleep(1000 * secondsBetweenLooks);
    }
  }
});
