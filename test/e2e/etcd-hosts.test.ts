import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { balancerAddress } from '../../lab/load-balancer.js';
import { etcdMembers } from './etcd-members.js';
import { startFixture } from './fixture.js';
import type { Ended, Fixture } from './fixture.js';
import { expectPodsToTalk, readyNodes } from './nodes.js';

/** One cluster for all of this file. The bootstrap host is nothing else, and etcd's hosts have no cable to the workload plane. */
const etcdHosts = ['e1', 'e2', 'e3'];
const nodes = ['b1', 'cp1', 'cp2'];

let fixture: Fixture;
let bootstrapped: Ended;

beforeAll(async () => {
  fixture = await startFixture('external', {
    hosts: [...nodes.map((name) => ({ name })), ...etcdHosts.map((name) => ({ name, networks: ['control' as const] }))],
    roles: {
      b1: ['bootstrap'],
      ...Object.fromEntries(etcdHosts.map((name) => [name, ['etcd']])),
      cp1: ['control-plane', 'worker'],
      cp2: ['control-plane'],
    },
    // Managed elsewhere.
    spec: { apiServer: { virtualIP: balancerAddress, keepalived: false } },
  });
  await fixture.lab.startLoadBalancer(6443, ['cp1', 'cp2']);
  bootstrapped = await fixture.temper('bootstrap', fixture.spec, '--yes');
});

afterAll(() => fixture?.end());

describe('three hosts of etcd, two control planes and a bootstrap host', () => {
  test('end as Ready nodes, but for the hosts of etcd', async () => {
    expect(bootstrapped, bootstrapped.stdout + bootstrapped.stderr).toMatchObject({ code: 0 });

    expect(await readyNodes(fixture)).toEqual(nodes.map((name) => ({ name, address: fixture.lab.host(name).address })));
    expect((await fixture.kubectl('get', 'nodes', '-o', 'name')).match(/node\/e/)).toBeNull();
  });

  test('keep other pods off the bootstrap host', async () => {
    expect(await fixture.kubectl('get', 'node', 'b1', '-o', 'jsonpath={.spec.taints}')).toBe(
      '[{"effect":"NoSchedule","key":"node-role.kubernetes.io/bootstrap"}]',
    );
  });

  test('have voting members of etcd on the hosts of etcd alone', async () => {
    expect(await etcdMembers(fixture, 'e1')).toEqual(['e1 votes', 'e2 votes', 'e3 votes']);
    for (const name of nodes) {
      expect(await fixture.lab.exec(name, 'pgrep -x etcd || ls /etc/kubernetes/manifests/etcd.yaml')).toMatchObject({
        stdout: '',
      });
    }
  });

  test("leave the key of etcd's CA on the hosts of etcd, and give each API server a certificate of its own", async () => {
    const pki = (name: string) => fixture.lab.execOrThrow(name, 'cd /etc/kubernetes/pki && find etcd -type f | sort');

    for (const name of ['cp1', 'cp2']) expect(await pki(name)).toBe('etcd/ca.crt\n');
    for (const name of etcdHosts) expect(await pki(name)).toContain('etcd/ca.key\n');
    const certificates = await Promise.all(
      ['cp1', 'cp2'].map((name) => fixture.lab.execOrThrow(name, 'cat /etc/kubernetes/pki/apiserver-etcd-client.crt')),
    );
    expect(certificates[0]).not.toBe(certificates[1]);
  });

  test.each([
    [2379, { cp1: true, cp2: true, e2: true, b1: false, foreign: false }],
    [2380, { cp1: false, cp2: false, e2: true, b1: false, foreign: false }],
    [10250, { cp1: false, cp2: false, e2: false, b1: false, foreign: false }],
  ])('open port %i of a host of etcd to whoever needs it: %j', async (port, expected) => {
    const seen = await Promise.all(
      Object.keys(expected).map(async (from) => [
        from,
        (await fixture.lab.dial(from, fixture.lab.host('e1').address, port)) === 'open',
      ]),
    );

    expect(Object.fromEntries(seen)).toEqual(expected);
  });

  test('run pods that reach each other, DNS and services from every node', async () => {
    await expectPodsToTalk(fixture, nodes);
  });

  test('are left alone by a second bootstrap', async () => {
    await expectNothingToDo();
  });

  test('cannot become others, as the API servers know them', async () => {
    fixture.cluster.roles!.e3 = ['worker'];
    await fixture.writeSpec();

    const refused = await fixture.temper('plan', fixture.spec);

    fixture.cluster.roles!.e3 = ['etcd'];
    await fixture.writeSpec();
    expect(refused.code).toBe(2);
    expect(refused.stdout + refused.stderr).toContain('the list of etcd hosts was e1, e2, e3');
  });
});

describe('the host that made the etcd cluster', () => {
  test('may lose power: the API goes on when the two others have chosen a leader', async () => {
    await fixture.lab.powerCut('e1');

    const write = () =>
      fixture.kubectl('label', '--overwrite', 'namespace', 'default', 'written-by=two').then(() => 'written', String);
    await expect.poll(write, { timeout: 30_000 }).toBe('written');

    expect(await etcdMembers(fixture, 'e2')).toEqual(['e1 votes', 'e2 votes', 'e3 votes']);
  });

  test('may be left out of a bootstrap meanwhile, and stays an endpoint of the API servers', async () => {
    const without = await fixture.temper('bootstrap', fixture.spec, '--without', 'e1', '--yes');

    expect(without, without.stdout + without.stderr).toMatchObject({ code: 0 });
    const endpoints = etcdHosts.map((name) => `https://${fixture.lab.host(name).address}:2379`).join(',');
    for (const name of ['cp1', 'cp2']) {
      const manifest = await fixture.lab.execOrThrow(name, 'cat /etc/kubernetes/manifests/kube-apiserver.yaml');
      expect(manifest).toContain(`--etcd-servers=${endpoints}\n`);
    }
    expect(await etcdMembers(fixture, 'e2')).toEqual(['e1 votes', 'e2 votes', 'e3 votes']);
  });

  test('takes its old place when it comes back with an empty disk', async () => {
    await fixture.lab.reset('e1');

    const again = await fixture.temper('bootstrap', fixture.spec, '--yes');

    expect(again, again.stdout + again.stderr).toMatchObject({ code: 0 });
    expect(await etcdMembers(fixture, 'e1')).toEqual(['e1 votes', 'e2 votes', 'e3 votes']);
    expect(await fixture.kubectl('get', 'namespace', 'default', '-o', 'jsonpath={.metadata.labels.written-by}')).toBe(
      'two',
    );
    await expectNothingToDo();
  });
});

async function expectNothingToDo(): Promise<void> {
  const again = await fixture.temper('bootstrap', fixture.spec);

  expect(again, again.stdout + again.stderr).toMatchObject({ code: 0 });
  expect(again.stdout + again.stderr).toContain('nothing was left to do');
}
