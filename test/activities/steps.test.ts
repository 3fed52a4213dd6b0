import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/activities/changes/change.js';
import { steps } from '../../src/activities/steps/index.js';
import { phases } from '../../src/workflows/runbook/phases.js';
import { sampleCluster, sampleClusterOf } from '../sample-cluster.js';
import { bareWorld, type FakeWorld } from './fake-host.js';
import { applyAll, bootstrapInMemory, drifted, perform, planned, startAgain } from './sample-bootstrap.js';

const clusters = {
  'one host': sampleCluster({ apiServer: { virtualIP: '10.0.0.100', keepalived: true } }),
  'a control plane and two worker nodes': sampleClusterOf({
    cp1: ['bootstrap', 'control-plane'],
    w1: ['worker'],
    w2: ['worker'],
  }),
  'three control planes': sampleClusterOf({
    cp1: ['bootstrap', 'control-plane'],
    cp2: ['control-plane'],
    cp3: ['control-plane', 'worker'],
  }),
  'three hosts of etcd': sampleClusterOf({
    b1: ['bootstrap', 'etcd'],
    e2: ['etcd'],
    e3: ['etcd'],
    cp1: ['control-plane'],
    cp2: ['control-plane'],
    w1: ['worker'],
  }),
  'a bootstrap host that is no control plane': sampleClusterOf({
    b1: ['bootstrap'],
    cp1: ['control-plane'],
    w1: ['worker'],
  }),
};

test('every step stands in the runbook', () => {
  const listed = Object.values(phases).flatMap(({ entries }) => entries.map(({ step }) => step as string));

  expect([...new Set(listed)].toSorted()).toEqual(Object.keys(steps).toSorted());
});

describe.each(Object.entries(clusters))('%s', async (_, cluster) => {
  const bootstrap = await bootstrapInMemory(cluster);
  const { calls, finished } = bootstrap;

  describe.each(calls.map(({ call, before }) => ({ title: call.title, call, before })))(
    '$title',
    ({ call, before: found }) => {
      const before = () => structuredClone(found);

      test('has an input below 8 KiB', () => {
        expect(JSON.stringify(call.input).length).toBeLessThan(8192);
      });

      test('plans on bare hosts', async () => {
        await expect(planned(call, bareWorld(cluster.hosts))).resolves.toBeInstanceOf(Array);
      });

      test('only reads when it plans', async () => {
        const world = before();

        await planned(call, world);

        expect(world).toEqual(found);
      });

      test('plans nothing once it is applied', async () => {
        const world = before();

        await perform(call, world);

        expect(await planned(call, world)).toEqual([]);
      });

      test('plans nothing on the finished hosts', async () => {
        expect(await planned(call, finished)).toEqual([]);
      });

      test('reports nothing as drift on the finished hosts', async () => {
        expect(await drifted(call, finished)).toEqual([]);
      });

      test('changes nothing when its changes are applied a second time', async () => {
        const world = before();
        const changes = (await planned(call, world)).filter(mayBeRepeated);
        applyAll(changes, call, world);
        const once = structuredClone(world);

        applyAll(changes, call, world);

        expect(world).toEqual(once);
      });

      test('converges after a crash behind any of its changes', async () => {
        const whole = before();
        const changes = await perform(call, whole);

        for (const length of changes.keys()) {
          const world = before();
          applyAll(changes.slice(0, length), call, world);
          await perform(call, world);

          expect(world, `after ${length} of ${changes.length} changes`).toEqual(whole);
        }
      });

      test('names each change once and holds no secret', async () => {
        const changes = await planned(call, found);
        const targets = changes.map((change) => JSON.stringify([change.kind, targetOf(change)]));

        expect(new Set(targets).size).toBe(targets.length);
        expect(JSON.stringify(changes)).not.toContain('SECRET');
      });
    },
  );

  test('a bootstrap that starts again after a crash behind any step ends as one without a crash', async () => {
    for (const [index, { call, before }] of calls.entries()) {
      const world = structuredClone(before);
      const changes = await perform(call, world);
      if (changes.length === 0) continue;
      expect(await startAgain(bootstrap, world, index), `after ${call.title}`).toEqual(finished);
    }
  }, 120_000);

  test('no secret is made twice', () => {
    for (const { made } of Object.values(finished)) expect(new Set(made).size).toBe(made.length);
  });
});

test('a bootstrap of one host that starts again after a crash behind any change ends as one without a crash', async () => {
  const bootstrap = await bootstrapInMemory(clusters['one host']);

  for (const [index, { call, before }] of bootstrap.calls.entries()) {
    const changes = await planned(call, before);
    for (const length of changes.keys()) {
      const world: FakeWorld = structuredClone(before);
      applyAll(changes.slice(0, length), call, world);
      const end = await startAgain(bootstrap, world, index);
      expect(end, `${call.title} after ${length} of ${changes.length} changes`).toEqual(bootstrap.finished);
    }
  }
}, 120_000);

/** 'create' and tokens are guarded by the plan alone: made a second time they fail or differ. */
function mayBeRepeated(change: Change): boolean {
  if (change.kind === 'elsewhere') return mayBeRepeated(change.change);
  return change.kind !== 'bootstrapToken' && !(change.kind === 'object' && change.how === 'create');
}

function targetOf(change: Change): string {
  switch (change.kind) {
    case 'object':
      return `${change.object.kind} ${change.object.metadata.namespace ?? ''}/${change.object.metadata.name}`;
    case 'command':
      return change.title;
    case 'sysctl':
      return change.key;
    case 'etcdMember':
      return `${change.action} ${change.name}`;
    case 'packages':
    case 'openings':
    case 'bootstrapToken':
      return change.kind;
    case 'elsewhere':
      return `${change.host.name} ${targetOf(change.change)}`;
    default:
      return 'path' in change ? change.path : change.name;
  }
}
