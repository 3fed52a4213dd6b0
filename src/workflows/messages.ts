import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { PlannedHost } from '../activities/activities.js';
import type { HostFinding } from '../activities/calls.js';
import type { ClusterSpec } from '../cluster/spec.js';

/** What a run is started with; the whole spec can be read in the Web UI. */
export interface BootstrapInput {
  spec: ClusterSpec;
  /** Hash of the plan that was agreed to beforehand, or 'any plan'. Left out: the run waits for `approve`. */
  approve?: string;
  /** How many hosts are worked on at once. */
  atOnce?: number;
  /** Names of hosts of the spec that are neither asked nor changed this time. */
  without?: string[];
  /** Of hosts that Temper never wrote to, only these are taken in; left out: all. The cluster must stand already. */
  add?: string[];
}

/** What a run carries beside its input. */
export interface RunMemo {
  operation: string;
  specDigest: string;
  /** Names of the hosts that are left alone, with spaces between. */
  without: string;
  /** Names of the hosts that alone are taken in, likewise. */
  add: string;
  /** cluster.yaml on the machine of who started it, for commands to be typed. */
  file: string;
}

/** The cluster.yaml of a run; another client than `temper` may have started it without saying which. */
export function clusterFileOf(memo: Record<string, unknown> | undefined): string {
  return typeof memo?.file === 'string' ? memo.file : 'cluster.yaml';
}

/** The command that follows this run, and that with `--approve HASH` agrees to its plan. */
export function commandOf(memo: Partial<RunMemo> | undefined): string {
  const [file, add, without] = [clusterFileOf(memo), namesIn(memo?.add), namesIn(memo?.without)];
  if (add.length > 0) return `temper node add ${add.join(' ')} --file ${file}`;
  return ['temper bootstrap', file, ...without.map((name) => `--without ${name}`)].join(' ');
}

function namesIn(text = ''): string[] {
  return text.split(' ').filter(Boolean);
}

export interface ClusterSummary {
  cluster: string;
  kubernetesVersion: string;
  hosts: { name: string; address: string }[];
  /** How many changes the plan named; 0 when everything stood already. */
  planned: number;
  /** How many things of the user's are other than cluster.yaml says; `temper plan` shows them. */
  drifted: number;
  /** Names of the hosts that were left out on the way; none of them is in `hosts`. */
  quarantined: string[];
}

export interface PlannedCluster {
  hash: string;
  hosts: PlannedHost[];
  warnings: HostFinding[];
}

export interface Approval {
  hash: string;
  by?: string;
}

export interface Resolution {
  /** Activity type of the blocked step, such as startEtcdMember. */
  step: string;
  /** The attempt that failed, so that an answer that comes late cannot hit a later failure. */
  attempt: number;
  action: 'retry' | 'skip' | 'abort';
  /** Why; needed for skip. */
  note?: string;
  by?: string;
}

/** From now on the run goes on without this host, wherever it is. */
export interface Quarantine {
  host: string;
  /** Why. */
  note?: string;
  by?: string;
}

/** What a child tells its parent, only when a person is needed or no longer needed. */
export interface HostReport {
  /** The child's. One host may be in two phases at once. */
  workflowId: string;
  blocked?: BlockedStep;
  /** What it could not take back when it was stopped. */
  left?: HostFinding;
}

export interface BlockedStep {
  /** The workflow that waits for `resolveStep`. */
  workflowId: string;
  host: string;
  step: string;
  title: string;
  attempt: number;
  skippable: boolean;
  /** The run could go on without this host; said by the run, not by the workflow that waits. */
  quarantinable?: boolean;
  code: string;
  message: string;
  hint?: string;
  /** Unit status, journal, logs: what the host said about it. */
  evidence?: string;
}

export type RunStatus =
  | 'looking'
  | 'planning'
  | 'waiting for approval'
  | 'running'
  | 'held'
  | 'blocked'
  | 'verifying'
  | 'done'
  | 'failed'
  | 'aborted';

export interface RunProgress {
  cluster: string;
  status: RunStatus;
  phases: PhaseProgress[];
  plan?: { hash: string; hosts: { host: string; changes: number }[] };
  /** What was found on the hosts, and does not forbid to go on. */
  warnings: HostFinding[];
  blocked: BlockedStep[];
  quarantined: Quarantine[];
}

export interface PhaseProgress {
  title: string;
  status: 'waiting' | 'running' | 'done' | 'nothing to do' | 'failed';
  /** The workflow of each host in this phase; empty in phases without steps. */
  hosts: { host: string; workflowId: string }[];
}

export interface HostProgress {
  host: string;
  status: 'running' | 'held' | 'blocked' | 'done' | 'failed';
  steps: StepProgress[];
}

export interface StepProgress {
  step: string;
  title: string;
  status: 'waiting' | 'running' | 'blocked' | 'done' | 'skipped';
  attempt: number;
  /** Sentences of what was changed; [] when nothing was left to do. */
  changed?: string[];
}

export const progressQuery = defineQuery<RunProgress>('progress');
/** Every change of every host, as it was shown to whoever approves; [] until it is known. */
export const planQuery = defineQuery<PlannedHost[]>('plan');
export const hostProgressQuery = defineQuery<HostProgress>('progress');

export const approveUpdate = defineUpdate<void, [Approval]>('approve');
export const approveSignal = defineSignal<[Approval]>('approve');
export const holdUpdate = defineUpdate<void>('hold');
export const holdSignal = defineSignal('hold');
export const resumeUpdate = defineUpdate<void>('resume');
export const resumeSignal = defineSignal('resume');
export const resolveStepUpdate = defineUpdate<void, [Resolution]>('resolveStep');
export const resolveStepSignal = defineSignal<[Resolution]>('resolveStep');
export const quarantineUpdate = defineUpdate<void, [Quarantine]>('quarantine');
export const quarantineSignal = defineSignal<[Quarantine]>('quarantine');
export const hostReportSignal = defineSignal<[HostReport]>('hostReport');
