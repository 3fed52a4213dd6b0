import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/activities/changes/change.js';
import { steps } from '../../src/activities/steps/index.js';
import type { Step } from '../../src/activities/step.js';
import type { RunbookEntry } from '../../src/workflows/runbook/entry.js';
import { phases, runbookOf } from '../../src/workflows/runbook/phases.js';
import { sampleCluster } from '../sample-cluster.js';
import { apply } from './fake-changes.js';
import { bareHost, hostView, type FakeHost } from './fake-host.js';

const cluster = sampleCluster({ apiServer: { virtualIP: '10.0.0.100', keepalived: true } });
const record = cluster.hosts[0]!;
const runbook = runbookOf(cluster, record);
const names = runbook.map(({ step }) => step);
/** The host as each step finds it, and at last the finished host. */
const hostBefore = new Map<string, FakeHost>();
const finished = bareHost();
for (const entry of runbook) {
  hostBefore.set(entry.step, structuredClone(finished));
  for (const change of await planned(entry, finished)) apply(finished, change);
}

test('every step stands in the runbook', () => {
  const listed = new Set(Object.values(phases).flatMap(({ entries }) => entries.map(({ step }) => step as string)));

  expect([...listed].toSorted()).toEqual(Object.keys(steps).toSorted());
});

describe.each(names)('%s', (name) => {
  const entry = runbook.find(({ step }) => step === name)!;
  const before = () => structuredClone(hostBefore.get(name)!);

  test('has an input below 8 KiB', () => {
    expect(JSON.stringify(entry.input(cluster, record)).length).toBeLessThan(8192);
  });

  test('plans on a bare host', async () => {
    await expect(planned(entry, bareHost())).resolves.toBeInstanceOf(Array);
  });

  test('only reads when it plans', async () => {
    const host = before();

    await planned(entry, host);

    expect(host).toEqual(before());
  });

  test('plans nothing once it is applied', async () => {
    const host = before();

    for (const change of await planned(entry, host)) apply(host, change);

    expect(await planned(entry, host)).toEqual([]);
  });

  test('plans nothing on the finished host', async () => {
    expect(await planned(entry, finished)).toEqual([]);
  });

  test('changes nothing when its changes are applied a second time', async () => {
    const host = before();
    const changes = (await planned(entry, host)).filter(mayBeRepeated);
    for (const change of changes) apply(host, change);
    const once = structuredClone(host);

    for (const change of changes) apply(host, change);

    expect(host).toEqual(once);
  });

  test('converges after a crash behind any of its changes', async () => {
    const whole = before();
    const changes = await planned(entry, whole);
    for (const change of changes) apply(whole, change);

    for (const length of changes.keys()) {
      const host = before();
      for (const change of changes.slice(0, length)) apply(host, change);
      for (const change of await planned(entry, host)) apply(host, change);

      expect(host, `after ${length} of ${changes.length} changes`).toEqual(whole);
    }
  });

  test('names each change once and holds no secret', async () => {
    const changes = await planned(entry, before());
    const targets = changes.map((change) => JSON.stringify([change.kind, targetOf(change)]));

    expect(new Set(targets).size).toBe(targets.length);
    expect(JSON.stringify(changes)).not.toContain('SECRET');
  });
});

test('a bootstrap that starts again after a crash behind any change ends as one without a crash', async () => {
  const crashing = bareHost();

  for (const entry of runbook) {
    for (const change of await planned(entry, crashing)) {
      apply(crashing, change);
      const host = structuredClone(crashing);
      for (const again of runbook) for (const left of await planned(again, host)) apply(host, left);
      expect(host, `after ${entry.step}: ${change.kind} ${targetOf(change)}`).toEqual(finished);
    }
  }
}, 120_000);

test('no secret is made twice', () => {
  expect(new Set(finished.made).size).toBe(finished.made.length);
});

async function planned(entry: RunbookEntry, host: FakeHost): Promise<Change[]> {
  const step = steps[entry.step] as Step<unknown, unknown>;
  const input = entry.input(cluster, record);
  return step.plan(input, await step.read(hostView(host), input));
}

/** 'create' and tokens are guarded by the plan alone: made a second time they fail or differ. */
function mayBeRepeated(change: Change): boolean {
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
