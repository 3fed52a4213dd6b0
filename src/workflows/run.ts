import { ApplicationFailure, CancellationScope, isCancellation, setHandler, workflowInfo } from '@temporalio/workflow';
import type { PlannedHost } from '../activities/activities.js';
import type { HostFinding } from '../activities/calls.js';
import { isControlPlane } from '../cluster/cluster.js';
import type { Cluster, HostRecord } from '../cluster/cluster.js';
import { defaults } from '../cluster/defaults.js';
import { openApproval } from './approval.js';
import type { Approvals } from './approval.js';
import { checkNetwork } from './check-network.js';
import { childId, openChildren } from './children.js';
import type { Children } from './children.js';
import { unwrapped } from './failure.js';
import { mustBeFit } from './findings.js';
import { openHold } from './hold.js';
import type { Hold } from './hold.js';
import { onEach, openLine } from './line.js';
import type { Line } from './line.js';
import { lookAtHosts } from './look-at-hosts.js';
import type { Sight } from './look-at-hosts.js';
import { planQuery } from './messages.js';
import type { BootstrapInput, ClusterSummary, PlannedCluster } from './messages.js';
import { networkProbes } from './network-probes.js';
import { busyHosts, changesLeft, hashOf, planHosts, planOf } from './plan-hosts.js';
import { openProgress } from './progress.js';
import type { ProgressBoard } from './progress.js';
import { openQuarantine } from './quarantine.js';
import type { QuarantineWard } from './quarantine.js';
import { quarantineRules } from './quarantine-rules.js';
import { concerns } from './runbook/phases.js';
import type { PhaseName } from './runbook/phases.js';
import { verifyHost } from './verify-host.js';

/** Sets every handler first, then does `work`, then says how it ended. */
export async function carryOut<T>(input: BootstrapInput, work: (run: Run) => Promise<T>): Promise<T> {
  const run = new Run(input);
  const working = new CancellationScope();
  try {
    const result = await working.run(() => Promise.race([work(run), run.failed]));
    run.end('done');
    return result;
  } catch (error) {
    const failure = unwrapped(error);
    const aborted = isCancellation(error) || (failure instanceof ApplicationFailure && failure.type === 'ABORTED');
    if (aborted) await run.stop(working);
    run.end(aborted ? 'aborted' : 'failed');
    throw aborted && run.left.length > 0 ? abortedWith(failure, run.left) : failure;
  }
}

function abortedWith(failure: unknown, findings: HostFinding[]): ApplicationFailure {
  return ApplicationFailure.nonRetryable((failure as Error).message, 'ABORTED', { findings });
}

export interface PhaseOptions {
  /** A host begins when it has passed these, whatever others do. */
  after?: Begun | Begun[];
  /** No host begins before every host has passed this. */
  once?: Begun;
  oneByOne?: boolean;
}

/** A phase that goes on: on all hosts that it is for, and on each host by name. Whoever has nothing to do in it passes it all the same, in its turn. */
export interface Begun {
  all: Promise<unknown>;
  onHost: Map<string, Promise<void>>;
}

/** One operation on a cluster: what has been found out, what was agreed, how far it is. */
export class Run {
  readonly #input: BootstrapInput;
  readonly #progress: ProgressBoard;
  readonly #children: Children;
  readonly #hold: Hold;
  readonly #approval: Approvals;
  readonly #quarantine: QuarantineWard;
  /** So many hosts are asked at once. */
  readonly #atOnce: number;
  /** So many hosts are worked on at once, whatever phase each is in. */
  readonly #line: Line;
  readonly #begun: Promise<unknown>[] = [];
  /** Rejects with the first phase that does, whoever waits for it. */
  readonly failed: Promise<never>;
  #fail!: (error: unknown) => void;
  #sight!: Sight;
  #plans: PlannedHost[] = [];

  constructor(input: BootstrapInput) {
    const rules = quarantineRules({
      status: () => this.#progress.now.status,
      cluster: () => this.#cluster,
      isMade: () => this.#sight.hasApiServer || this.#progress.isDone('start-control-plane'),
    });
    this.#input = input;
    this.failed = new Promise((_, reject) => (this.#fail = reject));
    this.#atOnce = input.atOnce ?? defaults.hostsAtOnce;
    this.#line = openLine(this.#atOnce);
    this.#progress = openProgress(input.spec.name, (host) => rules.whyNot(host) !== undefined);
    this.#children = openChildren();
    this.#hold = openHold(false, (held) => {
      this.#children.hold(held);
      this.#progress.hold(held);
    });
    this.#approval = openApproval(() => this.#progress.now);
    this.#quarantine = openQuarantine({ ...rules, onQuarantine: (given) => this.#progress.quarantine(given) });
    setHandler(planQuery, () => this.#plans, { description: 'Each change on each host, with diffs.' });
  }

  /** Reads the bundle and every host; ends the run with all findings when one of them forbids going on. Changes nothing. */
  async lookAtHosts(): Promise<void> {
    await this.#progress.inPhase('Look at the hosts', async () => {
      this.#sight = await lookAtHosts(this.#input, this.#atOnce);
      this.#progress.now.warnings.push(...this.#sight.warnings);
      this.#progress.concern((name) => this.#cluster.hosts.some((host) => concerns(name, this.#cluster, host)));
    });
  }

  /** Looks at all hosts as one network; ends the run like `lookAtHosts`. Changes nothing. */
  async checkNetwork(): Promise<void> {
    await this.#progress.inPhase('Check the network', async () => {
      this.#progress.now.warnings.push(...mustBeFit(await checkNetwork(this.#cluster, networkProbes)));
    });
  }

  /** Plans every host and waits until somebody agrees to exactly this plan. An empty one needs nobody's word. */
  async agreeOnPlan(): Promise<PlannedCluster> {
    const { now, show, inPhase } = this.#progress;
    await inPhase('Agree on the plan', async () => {
      show('planning');
      this.#plans = await planHosts(this.#cluster, this.#atOnce);
      const hash = await hashOf(this.#plans);
      now.plan = { hash, hosts: this.#plans.map(({ host, changes }) => ({ host, changes: changes.length })) };
      const agreed = this.#planned === 0 || ['any plan', hash].includes(this.#input.approve ?? '');
      if (agreed) return;
      show('waiting for approval');
      await this.#approval.given();
    });
    show('running');
    return { hash: now.plan!.hash, hosts: this.#plans, warnings: now.warnings };
  }

  /** Runs the steps of `name` on all its hosts and waits for the last. */
  async phase(name: PhaseName, options: PhaseOptions = {}): Promise<void> {
    await this.start(name, options).all;
  }

  /** Begins `name` on its hosts. One for which the plan names no change in this phase only passes. */
  start(name: PhaseName, { after = [], once, oneByOne = false }: PhaseOptions = {}): Begun {
    const cluster = this.#cluster;
    const busy = busyHosts(name, cluster, this.#plans);
    const children = busy.map((host) => ({ host: host.name, workflowId: childId(name, host.name) }));
    const inTurn: Line = oneByOne ? openLine(1) : (work) => work();
    const onHost = new Map<string, Promise<void>>();
    const pass = async (host: HostRecord, sooner: HostRecord[]) => {
      for (const before of [after].flat()) await before.onHost.get(host.name);
      await once?.all;
      if (!busy.includes(host)) return;
      for (const other of sooner) await onHost.get(other.name);
      this.#progress.begin(name, children);
      const work = async () => {
        await this.#hold.passed();
        await this.#quarantine.unlessQuarantined(host.name, () => this.#runPhaseOn(name, host));
      };
      // Everybody waits for the control plane sooner or later.
      await inTurn(() => this.#line(work, { ahead: isControlPlane(host) }));
    };
    // Who has less left has begun, in a run that was ended, and may keep others out until it has gone on: etcd takes in no second learner.
    const left = (host: HostRecord) => (oneByOne ? changesLeft(name, cluster, host, this.#plans) : 0);
    for (const host of cluster.hosts.toSorted((one, other) => left(one) - left(other))) {
      const sooner = busy.filter((other) => left(other) < left(host));
      onHost.set(host.name, pass(host, sooner));
    }
    const concerned = cluster.hosts.filter((host) => concerns(name, cluster, host));
    const all = Promise.all(concerned.map((host) => onHost.get(host.name)!));
    this.#begun.push(all);
    if (busy.length === 0) this.#progress.leaveOut(name);
    else this.#progress.endWith(name, all);
    all.catch(this.#fail);
    // Whoever needs it, waits for it; until then a failure is no accident.
    for (const passed of onHost.values()) passed.catch(() => {});
    return { all, onHost };
  }

  /** When all that was begun has ended: asks every host for the effect of every step: members healthy, nodes Ready, nothing left to do. */
  async verify(): Promise<ClusterSummary> {
    await Promise.all(this.#begun);
    const { spec, bundle, hosts } = this.#cluster;
    await this.#progress.inPhase('Verify the cluster', async () => {
      this.#progress.show('verifying');
      await onEach(hosts, this.#atOnce, ({ name }) =>
        this.#quarantine.unlessQuarantined(name, () => verifyHost(this.#cluster, name)),
      );
    });
    const finished = hosts.filter(({ name }) => !this.#quarantine.holds(name));
    return {
      cluster: spec.name,
      kubernetesVersion: bundle.kubernetesVersion,
      hosts: finished.map((host) => ({ name: host.name, address: host.controlPlaneAddress })),
      planned: this.#planned,
      drifted: this.#plans.reduce((sum, { drift }) => sum + drift.length, 0),
      quarantined: this.#progress.now.quarantined.map(({ host }) => host),
    };
  }

  /** What hosts could not take back when they were stopped. */
  get left(): HostFinding[] {
    return this.#progress.left;
  }

  /** Ends what goes on in `working`, and returns when all its hosts have stopped. */
  async stop(working: CancellationScope): Promise<void> {
    working.cancel();
    await this.#children.stopped();
  }

  /** Makes how it ended visible. */
  end(how: 'done' | 'failed' | 'aborted'): void {
    this.#progress.show(how);
  }

  #runPhaseOn(phase: PhaseName, { name }: HostRecord): Promise<void> {
    const { cluster, generation } = this.#sight;
    const run = { cluster: cluster.spec.name, runId: workflowInfo().runId, generation };
    return this.#children.run({ phase, host: name, cluster, run, steps: planOf(name, this.#plans).steps });
  }

  get #planned(): number {
    return this.#plans.reduce((sum, { changes }) => sum + changes.length, 0);
  }

  get #cluster(): Cluster {
    return this.#sight.cluster;
  }
}
