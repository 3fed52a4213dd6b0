import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { rolesFor } from '../../lab/cluster-yaml.js';
import { balancerAddress } from '../../lab/load-balancer.js';
import { etcdMembers, etcdMembersAtOnce } from './etcd-members.js';
import { ended, startFixture } from './fixture.js';
import type { Ended, Fixture } from './fixture.js';
import { allAnswer, pingAll } from './salt.js';

describe('three control planes, behind a virtual IP that is managed elsewhere', () => {
  let fixture: Fixture;
  let result: Ended;
  /** What etcd looked like when the worker was killed. */
  const kills: string[] = [];
  const joinOfLast = /^cp1 votes,cp[23] votes,unstarted learns$/;

  beforeAll(async () => {
    const roles = rolesFor({ controlPlanes: 3, workers: 0 });
    fixture = await startFixture('etcd', {
      hosts: Object.keys(roles).map((name) => ({ name })),
      roles,
      spec: { apiServer: { virtualIP: balancerAddress, keepalived: false }, salt: { enabled: true } },
    });
    await fixture.lab.startLoadBalancer(6443, Object.keys(roles));
    await fixture.temper('up');
    const bootstrap = fixture.startTemper('bootstrap', fixture.spec, '--yes');
    const end = ended(bootstrap);
    while (bootstrap.exitCode === null) {
      const seen = (await etcdMembersAtOnce(fixture, 'cp1')).join();
      if (seen.includes('learns') && !kills.includes(seen) && (await fixture.kill('worker'))) {
        kills.push(seen);
        if (joinOfLast.test(seen)) {
          const last = seen.includes('cp2') ? 'cp3' : 'cp2';
          await fixture.lab.powerCut(last);
          await fixture.lab.powerOn(last);
        }
      }
      await Promise.race([end, sleep(200)]);
    }
    result = await end;
  });

  afterAll(() => fixture?.end());

  test('join etcd although the worker dies whenever a learner is added or has started, and the last host loses power', async () => {
    expect(result, result.stdout + result.stderr).toMatchObject({ code: 0 });
    expect(kills).toContain('cp1 votes,unstarted learns');
    expect(kills).toContainEqual(expect.stringMatching(joinOfLast));
    expect(await etcdMembers(fixture, 'cp1')).toEqual(['cp1 votes', 'cp2 votes', 'cp3 votes']);
  });

  test('one that is replaced by a host with an empty disk takes the old place, though it dies in its join and the run is aborted', async () => {
    const keys = await acceptedKeys(fixture);
    await fixture.lab.reset('cp3');

    const { stdout } = await fixture.temper('plan', fixture.spec);
    expect(stdout).toMatch(
      /On cp1: Remove the etcd member cp3 \(id [0-9a-f]+\), whose data is gone; 2 keep their vote/,
    );
    // So that the learner stays one that never started.
    await fixture.lab.execOrThrow('cp3', `systemd-run --unit=no-etcd sh -c '${untilManifest}; systemctl stop kubelet'`);
    const aborted = ended(fixture.startTemper('bootstrap', fixture.spec, '--yes'));
    await expect
      .poll(() => etcdMembersAtOnce(fixture, 'cp1'), { interval: 200, timeout: 400_000 })
      .toContain('unstarted learns');
    await fixture.lab.powerCut('cp3');
    const abort = await fixture.temper('abort', fixture.spec);
    expect(abort, abort.stdout + abort.stderr).toMatchObject({ code: 0 });
    expect(await aborted).toMatchObject({ code: 5 });
    expect(await etcdMembers(fixture, 'cp1')).toEqual(['cp1 votes', 'cp2 votes']);
    await fixture.lab.powerOn('cp3');
    const again = await fixture.temper('bootstrap', fixture.spec, '--yes');

    expect(again, again.stdout + again.stderr).toMatchObject({ code: 0 });
    expect(await etcdMembers(fixture, 'cp1')).toEqual(['cp1 votes', 'cp2 votes', 'cp3 votes']);
    const { cp3, ...others } = await acceptedKeys(fixture);
    expect(cp3).not.toBe(keys.cp3);
    expect({ ...others, cp3: keys.cp3 }).toEqual(keys);
  });

  test('have Salt minions that answer their master, the replaced one with its new key', async () => {
    expect(await pingAll(fixture)).toEqual(allAnswer(['cp1', 'cp2', 'cp3']));
  });
});

const untilManifest = 'until test -e /etc/kubernetes/manifests/etcd.yaml; do sleep 0.1; done';

/** Checksums of the keys that the Salt master accepts, by minion. */
async function acceptedKeys({ lab }: Fixture): Promise<Record<string, string>> {
  const sums = await lab.execOrThrow('cp1', 'cd /etc/temper/salt/pki/master/minions && sha256sum *');
  return Object.fromEntries(
    sums
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/).toReversed() as [string, string]),
  );
}
