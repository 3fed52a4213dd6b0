import { proxyActivities } from '@temporalio/workflow';
import type { Activities, PlannedHost } from '../activities/activities.js';
import type { HostFinding } from '../activities/calls.js';
import type { Cluster, HostRecord } from '../cluster/cluster.js';
import { failureOf } from './failure.js';
import { findingOf, mustBeFit } from './findings.js';
import { hostTarget } from './host-target.js';
import { onEach } from './line.js';
import { patience } from './patience.js';
import { concerns, entriesOf, phases } from './runbook/phases.js';
import type { Phase, PhaseName } from './runbook/phases.js';

const reading = proxyActivities<Activities>(patience.read);

/** What is left to do on each host. Throws HOST_UNFIT with all findings when one of them cannot be planned. */
export async function planHosts(cluster: Cluster, atOnce: number): Promise<PlannedHost[]> {
  const plans = await onEach(cluster.hosts, atOnce, (host) => planHost(cluster, host));
  mustBeFit(plans.flatMap((plan) => ('check' in plan ? plan : [])));
  return plans.flatMap((plan) => ('check' in plan ? [] : plan));
}

/** Stands for all of `plans`: who approves it has seen exactly these. */
export async function hashOf(plans: PlannedHost[]): Promise<string> {
  const options = { ...patience.read, summary: 'One hash for the plans of all hosts' };
  return reading.hashPlans.executeWithOptions(options, [{ hashes: plans.map(({ hash }) => hash) }]);
}

/** The hosts of a phase for which the plan names a change in it, or in one that it follows. */
export function busyHosts(phase: PhaseName, cluster: Cluster, plans: PlannedHost[]): HostRecord[] {
  return cluster.hosts.filter((host) => changesLeft(phase, cluster, host, plans) > 0);
}

/** How many changes the plan names on a host in a phase, or in those that it follows. */
export function changesLeft(phase: PhaseName, cluster: Cluster, host: HostRecord, plans: PlannedHost[]): number {
  if (!concerns(phase, cluster, host)) return 0;
  const { follows = [phase] } = phases[phase] as Phase;
  const steps: string[] = follows.flatMap((name) => stepsOf(name as PhaseName, cluster, host));
  return planOf(host.name, plans).changes.filter(({ step }) => steps.includes(step)).length;
}

function stepsOf(phase: PhaseName, cluster: Cluster, host: HostRecord): string[] {
  return concerns(phase, cluster, host) ? entriesOf(phase, cluster, host).map(({ step }) => step) : [];
}

export function planOf(host: string, plans: PlannedHost[]): PlannedHost {
  return plans.find((plan) => plan.host === host)!;
}

/** What forbids to plan a host is a finding too: this run has not touched anything yet. */
async function planHost(cluster: Cluster, { name }: HostRecord): Promise<PlannedHost | HostFinding> {
  try {
    const options = { ...patience.read, summary: `${name}: what is left to do?` };
    const call = { host: hostTarget(cluster.spec, name), cluster };
    return await reading.planHost.executeWithOptions(options, [call]);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code === 'UNEXPECTED') throw error;
    return findingOf(name, failure);
  }
}
