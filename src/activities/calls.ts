import type { Cluster, HostRecord } from '../cluster/cluster.js';
import type { HostTarget } from '../host/target.js';

/** Input of every step's activity: with the step's own input it says all that the step needs, so the Web UI explains it. */
export interface StepCall<Input = unknown> {
  host: HostTarget;
  run: RunToken;
  /** `kind target` of the changes that the approved plan names for this step on this host; another one fails as PLAN_MOVED. */
  approved: string[];
  input: Input;
}

/** Who writes; compared on the host before every effect, so that a worker thought dead cannot write after its successor. */
export interface RunToken {
  cluster: string;
  /** Temporal's run id of the operation. */
  runId: string;
  /** One more than the highest that any host had when the run began. */
  generation: number;
  /** Starts at 1; one more for each retry from the gate. */
  gateAttempt: number;
}

/** Of a step that was aborted: takes back what it made and that never came to life. Its `gateAttempt` is beyond all of the step's. */
export interface UndoCall<Input = unknown> extends Omit<StepCall<Input>, 'approved'> {
  step: string;
}

export interface StepResult {
  host: string;
  /** What was changed, each as its `describe` says it; [] when nothing was left to do. */
  changed: string[];
}

/** What `lookAtHost` found. Findings of all hosts are collected before the run ends. */
export interface HostLook {
  /** Undefined when a finding of level 'error' makes it impossible to say, such as no matching address. */
  record?: HostRecord;
  /** sha256 of the CA that makes the host one of this cluster, where it has it with its key: then the cluster, or its etcd, has been made. */
  clusterCa?: string;
  /** Who has the virtual IP that keepalived is to hold: the host itself, or the hardware address that answers; undefined for nobody. */
  virtualIpHolder?: string;
  /** The cluster's API server was started on it. */
  hasApiServer?: boolean;
  /** Its kubelet has credentials of its own: a control plane with an API server is no longer on its way into the cluster. */
  hasJoined?: boolean;
  /** Where that one reaches etcd: URLs, as its manifest has them. */
  etcdServers?: string[];
  /** How far a host of etcd has come: its member was started; it has its vote. */
  etcdMember?: 'started' | 'votes';
  /** Generation in the host's fence; 0 on a host that Temper never wrote to. */
  generation: number;
  findings: HostFinding[];
}

export interface HostFinding {
  host: string;
  /** kubeadm's own name where kubeadm has the check (`Swap`, `Port-6443`), else Temper's in the same style; what `preflight.ignore` names. */
  check: string;
  level: 'error' | 'warning';
  /** What was seen, with the values. */
  message: string;
  /** The command that mends it, or what to change in cluster.yaml. */
  hint?: string;
}

export interface HostCall {
  host: HostTarget;
  cluster: Cluster;
}
