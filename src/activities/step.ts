import type { CommandResult } from '../host/door.js';
import type { HostTarget } from '../host/target.js';
import type { Change } from './changes/change.js';
import type { FactReaders, PresentReaders } from './facts/facts.js';

export type { CommandResult, HostTarget };

/** One unit of work on one host. Runs any number of times; only the first changes anything. */
export interface Step<Input, Facts> {
  /** For people, in the imperative: 'Start the etcd member'. */
  title: string;
  /** What kind of truth the step's things are; see `Truth`. */
  truth: Truth;
  /** True when the bootstrap may go on without this step, so that `skip` is allowed at the gate. */
  skippable?: boolean;
  /** Never writes. Absent is a fact, never an error: every step must read and plan on a bare host. */
  read(host: HostView, input: Input): Promise<Facts>;
  /** Pure. [] when nothing is left to do. */
  plan(input: Input, facts: Facts): Change[];
  /** Pure. Of the user's things those that stand, but are other than Temper would make them: shown beside the plan, never made. */
  drift?(input: Input, facts: Facts): Change[];
  /**
   * What takes back, when the run is aborted at this step, what the step made and that never came to life; [] when there is no such thing. It is
   * asked for also when the host itself does not answer.
   */
  undo?(host: HostView, input: Input): Promise<Change[]>;
  /** Asks the thing itself (etcd healthy, Node Ready), not a file. Default: read and plan again gives []. */
  verify?(host: HostView, input: Input): Promise<void>;
}

/**
 * kept: re-asserted when different. made once: read back when present, never rewritten. passing: nothing to do once its successor stands.
 * the user's: created when missing, afterwards left alone and reported as drift.
 */
export type Truth = 'kept' | 'made once' | 'passing' | "the user's";

/** A host as steps see it: to be read and asked, never written. Only changes write. */
export interface HostView {
  readonly name: string;
  /** One snapshot per pass: equal questions are asked once, different ones together; dropped after a write. */
  readonly facts: FactReaders;
  readonly now: PresentReaders;
  /** Runs a command that changes nothing, as root, by `sh -c`, with `args` as $1, $2 … Never throws for an exit code. */
  ask(script: string, ...args: string[]): Promise<CommandResult>;
  /** Asks `probe` again and again until it returns undefined; throws NOT_READY with the last answer and `hint` when `seconds` have passed. Heartbeats go on meanwhile. */
  until(what: string, seconds: number, probe: () => Promise<string | undefined>, hint?: string): Promise<void>;
  /** Another host, such as the control plane that lets this one in; its facts belong to the same pass. */
  elsewhere(host: HostTarget): Promise<HostView>;
}

/** Gives a step its types without naming them twice. */
export function defineStep<Input, Facts>(step: Step<Input, Facts>): Step<Input, Facts> {
  return step;
}
