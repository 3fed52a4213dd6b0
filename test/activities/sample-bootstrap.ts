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

/** A whole bootstrap in memory: each step with the world as it finds it, and the finished world. */
export async function bootstrapInMemory(cluster: Cluster) {
  const finished = bareWorld(cluster.hosts);
  const calls: { call: StepOnHost; before: FakeWorld }[] = [];
  for (const call of callsOf(cluster)) {
    calls.push({ call, before: structuredClone(finished) });
    await perform(call, finished);
  }
  return { calls, finished };
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
