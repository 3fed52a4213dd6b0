import type { BundleSummary } from '../cluster/bundle.js';
import type { ClusterSpec } from '../cluster/spec.js';
import type { HostPlan } from '../cluster/plan.js';
import type { HostTarget } from '../host/target.js';
import type { HostCall, HostLook, StepCall, StepResult } from './calls.js';

/** Every activity but the steps, each of which is an activity of its own name. */
export interface Activities {
  /** Reads and checks bundle.yaml of the bundle in `folder`, on the worker. */
  readBundle(call: { folder: string }): Promise<BundleSummary>;
  /** Reads what the host is and whether it fits. Changes nothing. */
  lookAtHost(call: LookCall): Promise<HostLook>;
  /** Plans every step of the host in one pass. Changes nothing. */
  planHost(call: HostCall): Promise<PlannedHost>;
  /** Asks every step of the host for its effect. Throws what is missing. */
  verifyHost(call: HostCall): Promise<void>;
  /** What the host says about a step that failed; without secrets. */
  collectEvidence(call: { host: HostTarget; step: string }): Promise<string>;
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
  /** `kind target` of the planned changes. */
  approved: string[];
}
