import type { Seen } from './seen.js';

/** One thing that is asked of a host. Pure. */
export interface PreflightCheck {
  /** kubeadm's name where kubeadm has the check, else one in its style; `preflight.ignore` names it. Where one check has many names, their start. */
  name: string;
  /** Default: error. */
  level?: 'warning';
  /** Going on without it would break something, so `preflight.ignore` does not reach it. */
  mustHold?: true;
  look(seen: Seen): Iterable<Problem>;
}

export interface Problem {
  /** Full name, such as `Port-6443`. Default: the check's. */
  name?: string;
  /** What was seen, with the values. */
  message: string;
  /** The command that mends it, or what to change in cluster.yaml. */
  hint?: string;
  level?: 'warning';
}
