/** What one host's steps would change, in the order of the runbook. */
export interface HostPlan {
  host: string;
  /** sha256 (hex) of the canonical JSON of the sorted (host, step, kind, target, mode, content digest or placeholder). */
  hash: string;
  changes: PlannedChange[];
  /** What is the user's and differs from what Temper would write: to be seen, not to be changed, and no part of the hash. */
  drift: PlannedChange[];
}

export interface PlannedChange {
  step: string;
  kind: string;
  /** What is changed: a path, a unit, a package, an object. `kind target` is unique within a step. */
  target: string;
  mode?: string;
  /** sha256 of the content; a named placeholder such as `<key of /etc/kubernetes/pki/ca>` when it is made on the spot. */
  content: string;
  /** One sentence for people. */
  says: string;
  /** Unified diff against what stands on the host, at most 8 KiB; secrets are masked. */
  diff?: string;
}
