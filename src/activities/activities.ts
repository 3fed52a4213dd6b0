import type { BundleSummary } from '../cluster/bundle.js';
import type { HostPlan } from '../cluster/plan.js';
import type { ClusterSpec } from '../cluster/spec.js';
import type { Doors } from '../host/doors.js';
import type { HostTarget } from '../host/target.js';
import { quorumRiskWithout } from '../cluster/etcd-membership.js';
import { runbookOf } from '../workflows/runbook/phases.js';
import type { HostCall, HostLook, StepCall, StepResult, UndoCall } from './calls.js';
import { collectEvidence } from './collect-evidence.js';
import { askMembers } from './etcd.js';
import { lookAtHost } from './look-at-host.js';
import { thisMoment } from './moment.js';
import { networkProbes, type NetworkProbes } from './network/probes.js';
import { hashPlans, planHost, verifyHost } from './plan-host.js';
import type { PlannedStep } from './plan-host.js';
import { readBundle, verifyWholeBundle } from './read-bundle.js';
import { runStep, undoStep } from './run-step.js';
import { steps } from './steps/index.js';
import type { HostView, Step } from './step.js';
import { viewOf } from './view.js';

/** Every activity but the steps, each of which is an activity of its own name. */
export interface Activities extends NetworkProbes {
  /** Reads and checks bundle.yaml of the bundle in `folder`, on the worker. */
  readBundle(call: { folder: string }): Promise<BundleSummary>;
  /** Compares every file of the bundle in `folder` with bundle.yaml, on the worker. */
  verifyWholeBundle(call: { folder: string }): Promise<void>;
  /** Reads what the host is and whether it fits. Changes nothing. */
  lookAtHost(call: LookCall): Promise<HostLook>;
  /** Plans every step of the host in one pass. Changes nothing. */
  planHost(call: HostCall): Promise<PlannedHost>;
  /** One hash for the plans of all hosts: workflow code has no cryptography. */
  hashPlans(call: { hashes: string[] }): Promise<string>;
  /** Asks every step of the host for its effect. Throws what is missing. */
  verifyHost(call: HostCall): Promise<void>;
  /** Why etcd's quorum would hang on the member at `peerUrl`; undefined when it does not. Asked on a host that runs etcd. */
  quorumRiskWithout(call: { host: HostTarget; peerUrl: string }): Promise<string | undefined>;
  /** Takes back what an aborted step made and that never came to life. */
  undoStep(call: UndoCall): Promise<StepResult>;
  /** What the host says about a step that failed; without secrets. */
  collectEvidence(call: { host: HostTarget }): Promise<string>;
}

export type StepActivity = (call: StepCall) => Promise<StepResult>;

export interface LookCall {
  host: HostTarget;
  spec: ClusterSpec;
  bundle: BundleSummary;
}

export interface PlannedHost extends HostPlan {
  /** By activity type; workflow code cannot import the steps themselves. */
  steps: Record<string, StepAbout>;
}

export interface StepAbout {
  title: string;
  skippable: boolean;
  /** It takes back what an abort leaves half made. */
  undoable: boolean;
  /** `kind target` of the planned changes. */
  approved: string[];
}

/** All that a worker does, over the connections of its process. */
export function createActivities(doors: Doors): Activities & Record<string, unknown> {
  const view = (host: HostTarget): Promise<HostView> => viewOf(host, doors, thisMoment().signal);
  return {
    ...Object.fromEntries(Object.entries(registry).map(([name, step]) => [name, stepActivity(name, step, doors)])),
    readBundle,
    verifyWholeBundle,
    lookAtHost: async ({ host, spec, bundle }) => lookAtHost(await view(host), spec, host.name, bundle),
    ...networkProbes(view),
    planHost: async (call) => {
      const planned = plannedSteps(call);
      const plan = await planHost(planned, await view(call.host));
      return { ...plan, steps: Object.fromEntries(planned.map((each) => [each.name, aboutStep(each, plan)])) };
    },
    hashPlans: async ({ hashes }) => hashPlans(hashes),
    verifyHost: async (call) => verifyHost(plannedSteps(call), await view(call.host)),
    quorumRiskWithout: async ({ host, peerUrl }) => {
      const { ask } = await view(host);
      const members = await askMembers((script, { args = [] } = {}) => ask(script, ...args));
      return members ? quorumRiskWithout(members, peerUrl) : `etcd on ${host.name} does not answer`;
    },
    undoStep: (call) => undoStep(registry[call.step]!, call, { doors, moment: thisMoment() }),
    collectEvidence: async ({ host }) => collectEvidence(await view(host)),
  };
}

const registry: Record<string, Step<unknown, unknown>> = steps;

function stepActivity(name: string, step: Step<unknown, unknown>, doors: Doors): StepActivity {
  return (call) => runStep(name, step, call, { doors, moment: thisMoment() });
}

function plannedSteps({ host, cluster }: HostCall): PlannedStep[] {
  const record = cluster.hosts.find(({ name }) => name === host.name)!;
  return runbookOf(cluster, record).map(({ step, input }) => ({
    name: step,
    step: registry[step]!,
    input: input(cluster, record),
  }));
}

function aboutStep({ name, step }: PlannedStep, plan: HostPlan): StepAbout {
  const changes = plan.changes.filter((change) => change.step === name);
  return {
    title: step.title,
    skippable: step.skippable ?? false,
    undoable: step.undo !== undefined,
    approved: changes.map(({ kind, target }) => `${kind} ${target}`),
  };
}
