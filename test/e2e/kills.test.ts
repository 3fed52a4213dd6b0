import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ended, startFixture } from './fixture.js';
import type { Ended, Fixture } from './fixture.js';
import { exportHistories } from './histories.js';

/** Between two blows a few steps pass, so that most phases are hit. */
const secondsBetweenBlows = 8;

/** On a slow machine a worker hardly gets anywhere between two blows, and the bootstrap is to end. */
const mostKills = 8;

describe('a bootstrap whose worker is killed again and again', () => {
  let fixture: Fixture;
  let result: Ended;
  /** When the blows fell, in milliseconds since the epoch. */
  const kills: number[] = [];

  beforeAll(async () => {
    fixture = await startFixture('kills');
    await fixture.temper('up');
    const bootstrap = fixture.startTemper('bootstrap', fixture.spec, '--yes');
    const end = ended(bootstrap);
    while (bootstrap.exitCode === null && kills.length < mostKills) {
      await Promise.race([end, sleep(1000 * secondsBetweenBlows * (0.5 + Math.random()))]);
      if (bootstrap.exitCode === null && (await fixture.kill('worker'))) kills.push(Date.now());
    }
    result = await end;
  });

  afterAll(() => fixture?.end());

  test('ends as if nothing had happened, without a question to anybody', async () => {
    expect(kills.length).toBeGreaterThan(2);
    expect(result, `${kills.length} kills; ${result.stderr}`).toMatchObject({ code: 0 });
    expect(await fixture.kubectl('get', 'nodes', '--no-headers')).toMatch(/^cp1 +Ready/);
  });

  test('tells how long each blow stopped it', async ({ annotate }) => {
    const { starts } = await exportHistories(fixture);
    const seconds = kills.map((kill) => ((starts.find((start) => start > kill)! - kill) / 1000).toFixed(1));

    // Reported, not judged: it depends on what else this machine does.
    await annotate(`seconds from kill -9 of the worker to the next step running: ${seconds.join(', ')}`);
    expect(seconds).not.toContain('NaN');
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
