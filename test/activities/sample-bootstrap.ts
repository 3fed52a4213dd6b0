import { isDeepStrictEqual } from 'node:util';
import type { Change } from '../../src/activities/changes/change.js';
import type { Step } from '../../src/activities/step.js';
import { steps } from '../../src/activities/steps/index.js';
import type { Cluster, HostRecord } from '../../src/cluster/cluster.js';
import type { RunbookEntry } from '../../src/workflows/runbook/entry.js';
import { entriesOf, phases, type PhaseName } from '../../src/workflows/runbook/phases.js';
import { apply } from './fake-changes.js';
import { bareWorld, hostIn, hostView, type FakeWorld } from './fake-host.js';

/** One step on one host of a bootstrap. */
export interface StepOnHost {
  /** For people: 'startEtcdMember on cp2'. */
  title: string;
  step: RunbookEntry['step'];
  host: string;
  input: unknown;
}

export interface BootstrapInMemory {
  /** Each step with the world as it finds it. */
  calls: { call: StepOnHost; before: FakeWorld }[];
  finished: FakeWorld;
}

export async function bootstrapInMemory(cluster: Cluster): Promise<BootstrapInMemory> {
  const finished = bareWorld(cluster.hosts);
  const calls: BootstrapInMemory['calls'] = [];
  for (const call of callsOf(cluster)) {
    calls.push({ call, before: structuredClone(finished) });
    await perform(call, finished);
  }
  return { calls, finished };
}

/**
 * Does all steps once more, in a world that a bootstrap left when it broke off in its step `crashed`. Returns how it ends. From where the world is the
 * one that a later step of `bootstrap` found, the two are the same, so it goes no further.
 */
export async function startAgain(bootstrap: BootstrapInMemory, world: FakeWorld, crashed: number): Promise<FakeWorld> {
  const { calls, finished } = bootstrap;
  for (const [index, { call }] of calls.entries()) {
    await perform(call, world);
    const next = calls[index + 1]?.before ?? finished;
    if (index >= crashed && isDeepStrictEqual(world, next)) return finished;
  }
  return world;
}

/** Phase by phase, in each host by host. */
export function callsOf(cluster: Cluster): StepOnHost[] {
  return (Object.keys(phases) as PhaseName[]).flatMap((phase) =>
    cluster.hosts
      .filter((host) => phases[phase].isFor(cluster, host))
      .flatMap((host) => entriesOf(phase, cluster, host).map((entry) => callOf(entry, cluster, host))),
  );
}

function callOf({ step, input }: RunbookEntry, cluster: Cluster, host: HostRecord): StepOnHost {
  return { title: `${step} on ${host.name}`, step, host: host.name, input: input(cluster, host) };
}

export async function planned({ step: name, host, input }: StepOnHost, world: FakeWorld): Promise<Change[]> {
  const step = steps[name] as Step<unknown, unknown>;
  return step.plan(input, await step.read(hostView(hostIn(world, host), world), input));
}

export async function drifted({ step: name, host, input }: StepOnHost, world: FakeWorld): Promise<Change[]> {
  const step = steps[name] as Step<unknown, unknown>;
  return step.drift?.(input, await step.read(hostView(hostIn(world, host), world), input)) ?? [];
}

export function applyAll(changes: Change[], { host }: StepOnHost, world: FakeWorld): void {
  for (const change of changes) apply(hostIn(world, host), change, world);
}

/** Returns the changes that were left to do. */
export async function perform(call: StepOnHost, world: FakeWorld): Promise<Change[]> {
  const changes = await planned(call, world);
  applyAll(changes, call, world);
  return changes;
}
