import { existsSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { askMembers } from '../../src/activities/etcd.js';
import { joinEtcd, type EtcdJoin } from '../../src/activities/steps/join-etcd.js';
import { startEtcdMember } from '../../src/activities/steps/start-etcd-member.js';
import type { HostTarget, Step } from '../../src/activities/step.js';
import type { Door, RunOptions } from '../../src/host/door.js';
import { nameOf } from '../../src/activities/changes/index.js';
import { planStep, runStep, undoStep } from '../../src/activities/run-step.js';
import { askThrough, viewOf } from '../../src/activities/view.js';
import type { EtcdMember } from '../../src/cluster/etcd-membership.js';
import { etcdPeerUrl, etcdPod, joiningEtcdPod } from '../../src/cluster/kubeadm/static-pods.js';
import type { Doors } from '../../src/host/doors.js';
import { sampleCluster, sampleHost } from '../sample-cluster.js';
import { doorTo, etcdHost, findEtcd, network, powerCut, powerOn, replace, type EtcdHost } from './etcd-hosts.js';

let programs: string;
beforeAll(async () => {
  programs = await findEtcd();
});

test('control planes join one after the other, and joining again changes nothing', async () => {
  const [cp1, cp2, cp3] = await started();

  await join(cp2, cp1);
  await join(cp3, cp1);

  expect(await members(cp1)).toEqual(['cp1 votes', 'cp2 votes', 'cp3 votes']);
  expect(await join(cp3, cp1)).toEqual([]);
}, 120_000);

test('a join goes on whose worker dies after each write, and whose host loses power each time', async () => {
  const [cp1, cp2] = await started();

  const deaths = await diesAfterEachWrite(cp2, cp1, async () => {
    await powerCut(cp2);
    powerOn(cp2);
  });

  // Data directory, learner, manifest, vote.
  expect(deaths).toBe(4);
  expect(await members(cp1)).toEqual(['cp1 votes', 'cp2 votes']);
}, 120_000);

test('a control plane with an empty disk takes the place of the lost one', async () => {
  const [cp1, cp2, cp3] = await started();
  await join(cp2, cp1);
  await join(cp3, cp1);
  const [{ id }] = (await askMembers(askThrough(doorTo(cp1))))!.filter(({ name }) => name === 'cp2') as [EtcdMember];

  await replace(cp2);
  const changed = await join(cp2, cp1);

  expect(changed).toContain(`On cp1: Remove the etcd member cp2 (id ${id}), whose data is gone; 2 keep their vote`);
  expect(await members(cp1)).toEqual(['cp1 votes', 'cp2 votes', 'cp3 votes']);
}, 120_000);

test('a replaced control plane whose join broke off after the removal goes on', async () => {
  const [cp1, cp2, cp3] = await started();
  await join(cp2, cp1);
  await join(cp3, cp1);
  await replace(cp2);

  expect(await diesAfterEachWrite(cp2, cp1)).toBe(5);

  expect(await members(cp1)).toEqual(['cp1 votes', 'cp2 votes', 'cp3 votes']);
}, 120_000);

test('nobody joins while one of two members is down, and the one that is down is not removed', async () => {
  const [cp1, cp2, cp3] = await started();
  await join(cp2, cp1);
  await powerCut(cp2);

  await expect(join(cp3, cp1)).rejects.toMatchObject({
    code: 'QUORUM_AT_RISK',
    message: expect.stringContaining(`1 of 2 voting members of etcd are healthy (not cp2 at https://${network}.2:2380`),
  });
  powerOn(cp2);
  await replace(cp2);
  await expect(join(cp2, cp1)).rejects.toMatchObject({ code: 'QUORUM_AT_RISK' });

  expect(await members(cp1)).toEqual(['cp1 votes', 'cp2 votes']);
}, 180_000);

test('a learner that another host left behind is named', async () => {
  const [cp1, cp2, cp3] = await started();
  await expect(join(cp2, cp1, 2)).rejects.toThrow('the worker died');

  await expect(join(cp3, cp1)).rejects.toMatchObject({
    code: 'ETCD_LEARNER_LEFT',
    message: expect.stringContaining(`https://${network}.2:2380`),
  });

  expect(await members(cp1)).toEqual(['cp1 votes', 'unstarted learns']);
}, 120_000);

test('an abort takes back a learner that never started, and another host joins in its place', async () => {
  const [cp1, cp2, cp3] = await started();
  await expect(join(cp2, cp1, 2)).rejects.toThrow('the worker died');
  expect(await members(cp1)).toEqual(['cp1 votes', 'unstarted learns']);

  expect(await abort(cp2, cp1)).toEqual(['On cp1: Remove the learner cp2 from etcd, which never started']);
  await join(cp3, cp1);
  await join(cp2, cp1);

  expect(await members(cp1)).toEqual(['cp1 votes', 'cp2 votes', 'cp3 votes']);
}, 120_000);

test('a learner whose host is dead is taken back too, and joins when the host has come back', async () => {
  const [cp1, cp2] = await started();
  cp2.hasKubelet = false;
  await expect(join(cp2, cp1, 3)).rejects.toThrow('the worker died');
  await powerCut(cp2);

  expect(await abort(cp2, cp1)).toEqual(['On cp1: Remove the learner cp2 from etcd, which never started']);
  expect(await members(cp1)).toEqual(['cp1 votes']);
  cp2.hasKubelet = true;
  powerOn(cp2);
  // What is left of its manifest starts an etcd that the others refuse.
  await untilEtcdEnds(cp2);
  await join(cp2, cp1);

  expect(await members(cp1)).toEqual(['cp1 votes', 'cp2 votes']);
}, 120_000);

test('an abort takes back the manifest of a learner that never started, and nothing a second time', async () => {
  const [cp1, cp2] = await started();
  cp2.hasKubelet = false;
  await expect(join(cp2, cp1, 3)).rejects.toThrow('the worker died');

  expect(await abort(cp2, cp1)).toContain('Remove /etc/kubernetes/manifests/etcd.yaml');
  expect(await members(cp1)).toEqual(['cp1 votes']);
  expect(existsSync(`${cp2.root}/etc/kubernetes/manifests/etcd.yaml`)).toBe(false);
  await abort(cp2, cp1);

  expect(await members(cp1)).toEqual(['cp1 votes']);
}, 120_000);

test('an abort leaves a learner that has started, a voting member, and the learner of another host', async () => {
  const [cp1, cp2, cp3] = await started();
  await expect(join(cp2, cp1, 2)).rejects.toThrow('the worker died');
  await abort(cp3, cp1);
  expect(await members(cp1)).toEqual(['cp1 votes', 'unstarted learns']);

  await expect(join(cp2, cp1, 1)).rejects.toThrow('the worker died');
  await expect.poll(() => members(cp1), { timeout: 60_000 }).toEqual(['cp1 votes', 'cp2 learns']);
  expect(await abort(cp2, cp1)).toEqual([]);
  expect(await members(cp1)).toEqual(['cp1 votes', 'cp2 learns']);

  await join(cp2, cp1);
  expect(await abort(cp2, cp1)).toEqual([]);
  expect(await members(cp1)).toEqual(['cp1 votes', 'cp2 votes']);
}, 120_000);

test('an attempt that goes on after the abort can add nothing any more', async () => {
  const [cp1, cp2] = await started();
  await undo(cp2, cp1);

  await expect(join(cp2, cp1)).rejects.toMatchObject({ code: 'HOST_FENCED' });

  expect(await members(cp1)).toEqual(['cp1 votes']);
}, 120_000);

async function started(): Promise<[EtcdHost, EtcdHost, EtcdHost]> {
  const [cp1, cp2, cp3] = [1, 2, 3].map((number) => etcdHost(programs, number)) as [EtcdHost, EtcdHost, EtcdHost];
  await perform(startEtcdMember, cp1, { pod: etcdPod(sampleCluster({}, record(cp1)), record(cp1)), isNode: true }, cp1);
  return [cp1, cp2, cp3];
}

function join(host: EtcdHost, controlPlane: EtcdHost, writes = Infinity): Promise<string[]> {
  return perform(joinEtcd, host, inputOf(host, controlPlane), controlPlane, writes);
}

/** How often the worker died until there was nothing left to do. */
async function diesAfterEachWrite(
  host: EtcdHost,
  controlPlane: EtcdHost,
  meanwhile = () => Promise.resolve(),
): Promise<number> {
  for (let deaths = 0; ; deaths += 1) {
    try {
      await join(host, controlPlane, 1);
      return deaths;
    } catch (error) {
      expect(String(error)).toContain('the worker died');
      await meanwhile();
    }
  }
}

function inputOf(host: EtcdHost, controlPlane: EtcdHost): EtcdJoin {
  const here = record(host);
  const pod = joiningEtcdPod(sampleCluster({}, here), here);
  return { pod, name: host.name, peerUrl: etcdPeerUrl(here), member: controlPlane.target };
}

function record(host: EtcdHost) {
  return { ...sampleHost, name: host.name, hostname: host.name, controlPlaneAddress: host.address };
}

/** The next join is another run's. */
async function abort(host: EtcdHost, controlPlane: EtcdHost): Promise<string[]> {
  const undone = await undo(host, controlPlane);
  run.generation += 1;
  return undone;
}

async function undo(host: EtcdHost, controlPlane: EtcdHost): Promise<string[]> {
  const doors = {
    to: async ({ name }: HostTarget) => doorTo([host, controlPlane].find((one) => one.name === name)!),
  } as unknown as Doors;
  const input = inputOf(host, controlPlane);
  const call = { step: 'joinEtcd', host: host.target, run: { ...run, gateAttempt: 2 }, input };
  return (await undoStep(joinEtcd, call, { doors, moment: nextMoment() })).changed;
}

async function untilEtcdEnds(host: EtcdHost): Promise<void> {
  await expect.poll(() => host.etcd?.exitCode ?? null, { interval: 20, timeout: 30_000 }).toBe(1);
}

const run = { cluster: 'prod', runId: 'run', generation: 1, gateAttempt: 1 };
let attempt = 0;

function nextMoment() {
  const { signal } = new AbortController();
  return { attempt: ++attempt, who: 'test', signal, show: () => {}, log: () => {} };
}

/** As an activity does it, all changes approved; its worker dies when it has written `writes` times. */
async function perform<Input, Facts>(
  step: Step<Input, Facts>,
  host: EtcdHost,
  input: Input,
  controlPlane: EtcdHost,
  writes = Infinity,
): Promise<string[]> {
  let written = 0;
  const mortal = (door: Door) => ({
    target: door.target,
    run: async (script: string, options?: RunOptions) => {
      const isWrite = script.includes('flock');
      if (written >= writes) throw new Error('the worker died');
      const result = await door.run(script, options);
      if (isWrite && result.code === 0) written += 1;
      return result;
    },
  });
  const doors = {
    to: async ({ name }: HostTarget) => mortal(doorTo([host, controlPlane].find((one) => one.name === name)!)),
  } as unknown as Doors;
  const approved = (await planStep(step, await viewOf(host.target, doors), input)).map(nameOf);
  const call = { host: host.target, run, approved, input };
  return (await runStep('joinEtcd', step, call, { doors, moment: nextMoment() })).changed;
}

async function members(host: EtcdHost): Promise<string[]> {
  const found = (await askMembers(askThrough(doorTo(host)))) ?? [];
  return found.map(({ name, isLearner }) => `${name || 'unstarted'} ${isLearner ? 'learns' : 'votes'}`).sort();
}
