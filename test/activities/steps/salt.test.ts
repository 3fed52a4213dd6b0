import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { kindOf } from '../../../src/activities/changes/index.js';
import { fingerOf } from '../../../src/activities/salt.js';
import { sampleClusterOf } from '../../sample-cluster.js';
import { bareHost, hostIn, textOf, type FakeWorld } from '../fake-host.js';
import { bootstrapInMemory, callsOf, perform, planned } from '../sample-bootstrap.js';

const roles = { cp1: ['bootstrap', 'control-plane'], w1: ['worker'] };
const cluster = sampleClusterOf(roles);
const { finished } = await bootstrapInMemory(cluster);
const accepted = '/etc/temper/salt/pki/master/minions/w1';

describe('the files', () => {
  test.each([
    ['cp1', '/etc/temper/salt/master'],
    ['cp1', '/etc/kubernetes/manifests/temper-salt-master.yaml'],
    ['w1', '/etc/salt/minion.d/temper.conf'],
    ['w1', '/etc/systemd/system/salt-minion.service.d/20-temper.conf'],
  ])('of %s: %s is as an operator would write it', async (host, path) => {
    await expect(textOf(hostIn(finished, host), path)).toMatchFileSnapshot(`../../golden${path}`);
  });

  test('name the master by the fingerprint that Salt takes of its key', () => {
    const key = '-----BEGIN PUBLIC KEY-----\nTWFu\nc2Fs\n-----END PUBLIC KEY-----\n';

    // printf 'TWFu\nc2Fs\n' | sha256sum
    expect(fingerOf(key).replaceAll(':', '')).toBe('0d633650b8ce78a43895e88b62b9fdd0d306878699d6093e7eb75e685d2af8ff');
    expect(fingerOf(generateKeyPairSync('rsa', publicPem).publicKey)).toMatch(/^([0-9a-f]{2}:){31}[0-9a-f]{2}$/);
  });
});

describe('keys', () => {
  test('never leave their host, but for the public half', () => {
    for (const [name, { files }] of Object.entries(finished)) {
      const keys = Object.keys(files)
        .filter((path) => path.endsWith('.pem') && path.includes('/salt/'))
        .toSorted();
      const own = ['/etc/salt/pki/minion/minion.pem', '/etc/temper/salt/pki/master/master.pem'];
      expect(keys, name).toEqual(name === 'cp1' ? own : own.slice(0, 1));
    }
  });

  test('are known to both sides before they meet', () => {
    const w1 = hostIn(finished, 'w1');
    const cp1 = hostIn(finished, 'cp1');

    expect(textOf(cp1, accepted)).toBe(textOf(w1, '/etc/salt/pki/minion/minion.pub'));
    expect(textOf(w1, '/etc/salt/pki/minion/minion_master.pub')).toBe(
      textOf(cp1, '/etc/temper/salt/pki/master/master.pub'),
    );
  });

  test('of a host with an empty disk take the place of the old ones, and nothing else of salt changes elsewhere', async () => {
    const world = structuredClone(finished);
    world.w1 = { ...bareHost(), system: hostIn(finished, 'w1').system };
    hostIn(world, 'cp1').files['/etc/temper/salt/pki/master/minions_denied/w1'] = {
      type: 'file',
      mode: '0644',
      content: '',
    };

    const changes = await saltChanges(world);

    expect(changes).toEqual([
      'w1: Make the folder /etc/salt/pki/minion (0700)',
      'w1: Make the key pair /etc/salt/pki/minion/minion.pem and /etc/salt/pki/minion/minion.pub',
      `w1: On cp1: Copy /etc/salt/pki/minion/minion.pub from w1 to ${accepted}`,
      'w1: On cp1: Remove /etc/temper/salt/pki/master/minions_denied/w1',
      'w1: Copy /etc/temper/salt/pki/master/master.pub from cp1 to /etc/salt/pki/minion/minion_master.pub',
      'w1: Write /etc/salt/minion.d/temper.conf (0644)',
      'w1: Write /etc/systemd/system/salt-minion.service.d/20-temper.conf (0644)',
      'w1: Enable salt-minion and start it with its present configuration',
    ]);
  });

  test('of a master that lost its own are made anew, and every minion learns it', async () => {
    const world = structuredClone(finished);
    delete hostIn(world, 'cp1').files['/etc/temper/salt/pki/master/master.pem'];

    const minion = (host: string) => [
      `${host}: Copy /etc/temper/salt/pki/master/master.pub from cp1 to /etc/salt/pki/minion/minion_master.pub`,
      `${host}: Write /etc/salt/minion.d/temper.conf (0644)`,
      `${host}: Enable salt-minion and start it with its present configuration`,
    ];
    expect(await saltChanges(world)).toEqual([
      'cp1: Make the key pair /etc/temper/salt/pki/master/master.pem and /etc/temper/salt/pki/master/master.pub',
      'cp1: Write /etc/kubernetes/manifests/temper-salt-master.yaml (0600)',
      ...minion('cp1'),
      ...minion('w1'),
    ]);
    for (const call of saltCalls(cluster)) await perform(call, world);
    expect(await saltChanges(world)).toEqual([]);
  });
});

describe('salt.enabled: false', () => {
  const without = sampleClusterOf(roles, { salt: { enabled: false } });

  test('leaves nothing of it on a host', async () => {
    const { finished: bare } = await bootstrapInMemory(without);

    for (const { files, units, packages, images } of Object.values(bare))
      expect(Object.keys({ ...files, ...units, ...packages, ...images }).filter((name) => /salt/.test(name))).toEqual(
        [],
      );
  });

  test('stops what runs, and keeps the keys for another time', async () => {
    const world = structuredClone(finished);

    const changes = await saltChanges(world, without);

    const minion = (host: string) => [
      `${host}: Stop the Salt minion, and keep it from starting`,
      `${host}: Remove /etc/systemd/system/salt-minion.service.d/20-temper.conf`,
      `${host}: Remove /etc/salt/minion.d/temper.conf`,
    ];
    expect(changes).toEqual([
      ...minion('cp1'),
      'cp1: Remove /etc/kubernetes/manifests/temper-salt-master.yaml',
      ...minion('w1'),
    ]);
    for (const call of saltCalls(without)) await perform(call, world);
    expect(await saltChanges(world, without)).toEqual([]);
    for (const call of saltCalls(cluster)) await perform(call, world);
    expect(world).toEqual(finished);
  });
});

const publicPem = {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
} as const;

function saltCalls(of: typeof cluster) {
  return callsOf(of).filter(({ step }) => step.includes('Salt'));
}

/** In one pass, as `temper plan` shows them. */
async function saltChanges(world: FakeWorld, of = cluster): Promise<string[]> {
  const all = await Promise.all(
    saltCalls(of).map(async (call) =>
      (await planned(call, world)).map((change) => `${call.host}: ${kindOf(change).describe(change)}`),
    ),
  );
  return all.flat();
}
