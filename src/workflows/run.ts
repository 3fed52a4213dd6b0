import {
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  startChild,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { ChildWorkflowHandle } from '@temporalio/workflow';
import type { Activities, PlannedHost } from '../activities/activities.js';
import type { HostFinding, HostLook } from '../activities/calls.js';
import type { BundleSummary } from '../cluster/bundle.js';
import { clusterOf, isControlPlane, runsEtcd } from '../cluster/cluster.js';
import { etcdFindings } from '../cluster/etcd-findings.js';
import { etcdPeerUrl } from '../cluster/kubeadm/static-pods.js';
import { virtualIpFindings } from '../cluster/virtual-ip-findings.js';
import { defaults } from '../cluster/defaults.js';
import type { Cluster, HostRecord } from '../cluster/cluster.js';
import { openApproval } from './approval.js';
import type { Approvals } from './approval.js';
import { checkNetwork } from './check-network.js';
import { runDetails } from './details.js';
import { failureOf, unwrapped } from './failure.js';
import { membersAnd, nothingToJoinFindings } from './additions.js';
import { findingOf, mustBeFit } from './findings.js';
import { openHold } from './hold.js';
import type { Hold } from './hold.js';
import type { hostPhase } from './host-phase.js';
import { hostTarget } from './host-target.js';
import { openLine } from './line.js';
import type { Line } from './line.js';
import { networkProbes } from './network-probes.js';
import { commandOf, holdSignal, hostReportSignal, planQuery, progressQuery, resumeSignal } from './messages.js';
import type {
  BlockedStep,
  BootstrapInput,
  ClusterSummary,
  PhaseProgress,
  PlannedCluster,
  RunProgress,
  RunStatus,
} from './messages.js';
import { patience, pauseBetweenTries, triesOf } from './patience.js';
import { oneClusterFindings } from './one-cluster.js';
import { openQuarantine } from './quarantine.js';
import type { QuarantineWard } from './quarantine.js';
import { entriesOf, phases } from './runbook/phases.js';
import type { PhaseName } from './runbook/phases.js';
import { admitting, isBootstrapHost, isFirstControlPlane } from './runbook/roles.js';
import { searchAttributes } from './search-attributes.js';

const looking = proxyActivities<Activities>(patience.look);
const reading = proxyActivities<Activities>(patience.read);

/** Sets every handler first, then does `work`, then says how it ended. */
export async function carryOut<T>(input: BootstrapInput, work: (run: Run) => Promise<T>): Promise<T> {
  const run = new Run(input);
  try {
    const result = await work(run);
    run.show('done');
    return result;
  } catch (error) {
    const failure = unwrapped(error);
    const aborted = isCancellation(error) || (failure instanceof ApplicationFailure && failure.type === 'ABORTED');
    run.show(aborted ? 'aborted' : 'failed');
    throw failure;
  }
}

export interface PhaseOptions {
  /** A host begins when this has ended on it. */
  after?: Begun;
  oneByOne?: boolean;
}

/** A phase that goes on: as a whole, and on each of its hosts by name. */
export interface Begun {
  all: Promise<void>;
  onHost: Map<string, Promise<void>>;
}

const checkTitle = 'Check the network';

/** One operation on a cluster: what has been found out, what was agreed, how far it is. */
export class Run {
  readonly #input: BootstrapInput;
  readonly #progress: RunProgress;
  readonly #hold: Hold;
  readonly #children = new Set<ChildWorkflowHandle<typeof hostPhase>>();
  readonly #approval: Approvals;
  readonly #quarantine: QuarantineWard;
  /** So many hosts are asked at once. */
  readonly #atOnce: number;
  /** So many hosts are worked on at once, whatever phase each is in. */
  readonly #line: Line;
  #cluster!: Cluster;
  #generation = 0;
  /** etcd ran before this run began. */
  #isMade = false;
  /** Status and blocked steps as the search attributes have them: each change of these is an event in the history. */
  #shown = '';
  #plans: PlannedHost[] = [];

  constructor(input: BootstrapInput) {
    const titles = [
      'Look at the hosts',
      checkTitle,
      'Agree on the plan',
      ...Object.values(phases).map(({ title }) => title),
    ];
    this.#input = input;
    this.#atOnce = input.atOnce ?? defaults.hostsAtOnce;
    this.#line = openLine(this.#atOnce);
    this.#progress = {
      cluster: input.spec.name,
      status: 'looking',
      phases: [...titles, 'Verify the cluster'].map((title) => ({ title, status: 'waiting', hosts: [] })),
      warnings: [],
      blocked: [],
      quarantined: [],
    };
    this.#hold = openHold(false, (held) => this.#forwardHold(held));
    this.#approval = openApproval(() => this.#progress);
    this.#quarantine = openQuarantine({
      whyNot: (host) => this.#whyNeeded(host),
      risk: (host) => this.#quorumRiskWithout(host),
      onQuarantine: (given) => {
        this.#progress.quarantined.push(given);
        this.#showBlocked(({ host }) => host === given.host);
      },
    });
    setHandler(progressQuery, () => this.#progress, { description: 'Phases, hosts, the plan and blocked steps.' });
    setHandler(planQuery, () => this.#plans, { description: 'Each change on each host, with diffs.' });
    setHandler(
      hostReportSignal,
      ({ workflowId, blocked }) => {
        // A child that is being stopped may have been about to ask.
        const isStopped = blocked && this.#quarantine.holds(blocked.host);
        this.#showBlocked((step) => step.workflowId === workflowId, isStopped ? undefined : blocked);
      },
      { description: 'From a host phase: a step is blocked, or no longer. Not for people.' },
    );
    upsertSearchAttributes([{ key: searchAttributes.cluster, value: input.spec.name }]);
  }

  /** Reads the bundle and every host; ends the run with all findings when one of them forbids going on. Changes nothing. */
  async lookAtHosts(): Promise<void> {
    await this.#inPhase('Look at the hosts', async () => {
      const { spec, without = [], add } = this.#input;
      const bundle = await reading.readBundle({ folder: spec.bundle });
      const wanted = spec.hosts.filter(({ name }) => !without.includes(name));
      const all = await this.#onEach(wanted, async ({ name }) => ({ name, ...(await this.#look(name, bundle)) }));
      const looks = add ? membersAnd(add, all) : all;
      const leftOut = spec.hosts.map(({ name }) => name).filter((name) => !looks.some((look) => look.name === name));
      const findings = [
        ...(add ? nothingToJoinFindings(all, add) : []),
        ...looks.flatMap((look) => look.findings),
        ...oneClusterFindings(looks),
        ...virtualIpFindings(spec, looks),
        ...etcdFindings(spec, looks, leftOut),
      ];
      this.#progress.warnings.push(...mustBeFit(findings));
      this.#cluster = clusterOf(spec, bundle, looks);
      this.#isMade = looks.some(({ hasApiServer }) => hasApiServer);
      this.#generation = 1 + Math.max(...looks.map(({ generation }) => generation));
    });
  }

  /** Looks at all hosts as one network; ends the run like `lookAtHosts`. Changes nothing. */
  async checkNetwork(): Promise<void> {
    await this.#inPhase(checkTitle, async () => {
      this.#progress.warnings.push(...mustBeFit(await checkNetwork(this.#cluster, networkProbes)));
    });
  }

  /** Plans every host and waits until somebody agrees to exactly this plan. An empty one needs nobody's word. */
  async agreeOnPlan(): Promise<PlannedCluster> {
    await this.#inPhase('Agree on the plan', async () => {
      this.show('planning');
      const plans = await this.#onEach(this.#cluster.hosts, (host) => this.#plan(host));
      mustBeFit(plans.flatMap((plan) => ('check' in plan ? plan : [])));
      this.#plans = plans.flatMap((plan) => ('check' in plan ? [] : plan));
      const hash = await reading.hashPlans({ hashes: this.#plans.map((plan) => plan.hash) });
      const hosts = this.#plans.map(({ host, changes }) => ({ host, changes: changes.length }));
      this.#progress.plan = { hash, hosts };
      const agreed = this.#planned === 0 || ['any plan', hash].includes(this.#input.approve ?? '');
      if (agreed) return;
      this.show('waiting for approval');
      await this.#approval.given();
    });
    this.show('running');
    return { hash: this.#progress.plan!.hash, hosts: this.#plans, warnings: this.#progress.warnings };
  }

  /** Runs the steps of `name` on all its hosts and waits for the last. */
  async phase(name: PhaseName, options: PhaseOptions = {}): Promise<void> {
    await this.start(name, options).all;
  }

  /** Begins `name` on its hosts. One for which the plan names no change in this phase is left out. */
  start(name: PhaseName, { after, oneByOne = false }: PhaseOptions = {}): Begun {
    const { title } = phases[name];
    const busy = this.#cluster.hosts.filter(
      (host) => phases[name].isFor(this.#cluster, host) && this.#isPlanned(name, host),
    );
    if (busy.length === 0) {
      this.#phase(title).status = 'nothing to do';
      return { all: Promise.resolve(), onHost: new Map() };
    }
    this.show(this.#goingOn);
    this.#phase(title).hosts = busy.map((host) => ({ host: host.name, workflowId: this.#childId(name, host) }));
    upsertSearchAttributes([{ key: searchAttributes.phase, value: name }]);
    const inTurn: Line = oneByOne ? openLine(1) : (work) => work();
    const onHost = new Map(
      busy.map((host) => {
        const work = async () => {
          await after?.onHost.get(host.name);
          const onHost = async () => {
            await this.#hold.passed();
            await this.#quarantine.unlessQuarantined(host.name, () => this.#runPhaseOn(name, host));
          };
          // Everybody waits for the control plane sooner or later.
          await inTurn(() => this.#line(onHost, { ahead: isControlPlane(host) }));
        };
        return [host.name, work()];
      }),
    );
    const all = this.#inPhase(title, () => Promise.all(onHost.values()));
    // Whoever needs it, waits for it; until then a failure is no accident.
    for (const promise of [all, ...onHost.values()]) promise.catch(() => {});
    return { all, onHost };
  }

  /** Asks every host for the effect of every step: members healthy, nodes Ready, nothing left to do. */
  async verify(): Promise<ClusterSummary> {
    const { spec, bundle, hosts } = this.#cluster;
    await this.#inPhase('Verify the cluster', async () => {
      this.show('verifying');
      await this.#onEach(hosts, ({ name }) => this.#quarantine.unlessQuarantined(name, () => this.#verifyHost(name)));
    });
    const finished = hosts.filter(({ name }) => !this.#quarantine.holds(name));
    return {
      cluster: spec.name,
      kubernetesVersion: bundle.kubernetesVersion,
      hosts: finished.map((host) => ({ name: host.name, address: host.controlPlaneAddress })),
      planned: this.#planned,
      drifted: this.#plans.reduce((sum, { drift }) => sum + drift.length, 0),
      quarantined: this.#progress.quarantined.map(({ host }) => host),
    };
  }

  /** As often as a step is tried: after a power cut the host answers before its API server does. */
  async #verifyHost(host: string): Promise<void> {
    const call = { host: hostTarget(this.#cluster.spec, host), cluster: this.#cluster };
    for (let tries = 1; ; tries++) {
      try {
        const options = { ...patience.read, summary: `${host}: does everything work?` };
        return await reading.verifyHost.executeWithOptions(options, [call]);
      } catch (error) {
        if (tries >= triesOf(failureOf(error).code)) throw error;
        await sleep(pauseBetweenTries, { summary: `${host}: not everything works yet, asking again` });
      }
    }
  }

  /** Makes `status` visible everywhere: progress query, current details, search attributes. */
  show(status: RunStatus): void {
    this.#progress.status = status;
    setCurrentDetails(runDetails(this.#progress, commandOf(workflowInfo().memo)));
    const blocked = this.#progress.blocked.map(({ host, step }) => `${host}/${step}`).join(' ');
    const shown = `${status} ${blocked}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    upsertSearchAttributes([
      { key: searchAttributes.status, value: status },
      { key: searchAttributes.blockedStep, value: blocked || null },
    ]);
  }

  /** `blocked` in place of what is no longer so. */
  #showBlocked(isOver: (step: BlockedStep) => boolean, blocked?: BlockedStep): void {
    this.#progress.blocked = this.#progress.blocked.filter((step) => !isOver(step));
    if (blocked) this.#progress.blocked.push({ ...blocked, quarantinable: !this.#whyNeeded(blocked.host) });
    this.show(this.#progress.status === 'verifying' ? 'verifying' : this.#goingOn);
  }

  /** Why the other hosts cannot do without this one. */
  #whyNeeded(name: string): string | undefined {
    const { cluster, status } = this.#progress;
    const before = ['looking', 'planning', 'waiting for approval'];
    if (before.includes(status)) return 'No host is worked on yet; a new run may leave hosts out: --without NAME.';
    const host = this.#cluster.hosts.find((each) => each.name === name);
    if (!host) return `${cluster} has no host ${name}.`;
    if (isBootstrapHost(this.#cluster, host)) return `${name} serves packages and images to all others.`;
    if (isFirstControlPlane(this.#cluster, host)) return `${name} lets all others in.`;
    return host.roles.includes('etcd')
      ? `${name} is one of the etcd hosts that the API servers are told of.`
      : undefined;
  }

  /** A host that votes in etcd counts as away when nobody looks after it. */
  async #quorumRiskWithout(name: string): Promise<string | undefined> {
    const host = this.#cluster.hosts.find((each) => each.name === name)!;
    const isMade = this.#isMade || this.#phase(phases['start-control-plane'].title).status === 'done';
    if (!isMade || !runsEtcd(this.#cluster, host)) return undefined;
    const { host: asked } = admitting(this.#cluster);
    const options = { ...patience.look, summary: `${asked.name}: does etcd do without ${name}?` };
    try {
      return await looking.quorumRiskWithout.executeWithOptions(options, [{ host: asked, peerUrl: etcdPeerUrl(host) }]);
    } catch (error) {
      return failureOf(error).message;
    }
  }

  get #goingOn(): RunStatus {
    if (this.#progress.blocked.length > 0) return 'blocked';
    return this.#hold.held ? 'held' : 'running';
  }

  get #planned(): number {
    return this.#plans.reduce((sum, { changes }) => sum + changes.length, 0);
  }

  /** An unreachable host or a refused key is a finding like any other, so that all of them are seen at once. */
  async #look(host: string, bundle: BundleSummary): Promise<HostLook> {
    const { spec } = this.#input;
    try {
      const options = { ...patience.look, summary: `${host}: what is it?` };
      return await looking.lookAtHost.executeWithOptions(options, [{ host: hostTarget(spec, host), spec, bundle }]);
    } catch (error) {
      return { generation: 0, findings: [findingOf(host, failureOf(error))] };
    }
  }

  /** What forbids to plan a host is a finding too: this run has not touched anything yet. */
  async #plan({ name }: HostRecord): Promise<PlannedHost | HostFinding> {
    const call = { host: hostTarget(this.#cluster.spec, name), cluster: this.#cluster };
    try {
      const options = { ...patience.read, summary: `${name}: what is left to do?` };
      return await reading.planHost.executeWithOptions(options, [call]);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code === 'UNEXPECTED') throw error;
      return findingOf(name, failure);
    }
  }

  async #runPhaseOn(phase: PhaseName, host: HostRecord): Promise<void> {
    const { runId } = workflowInfo();
    const cluster = this.#cluster;
    const child = await startChild<typeof hostPhase>('hostPhase', {
      workflowId: this.#childId(phase, host),
      parentClosePolicy: 'REQUEST_CANCEL',
      staticSummary: `${host.name}: ${phases[phase].title}`,
      typedSearchAttributes: [
        { key: searchAttributes.cluster, value: cluster.spec.name },
        { key: searchAttributes.phase, value: phase },
      ],
      args: [
        {
          phase,
          host: host.name,
          cluster,
          run: { cluster: cluster.spec.name, runId, generation: this.#generation },
          steps: this.#planOf(host).steps,
          held: this.#hold.held,
        },
      ],
    });
    this.#children.add(child);
    // Who said hold while the child was being started, meant it too.
    if (this.#hold.held) await child.signal(holdSignal);
    await child.result().finally(() => this.#children.delete(child));
  }

  async #inPhase(title: string, work: () => Promise<unknown>): Promise<void> {
    const phase = this.#phase(title);
    phase.status = 'running';
    this.show(this.#progress.status);
    try {
      await work();
      phase.status = 'done';
    } catch (error) {
      phase.status = 'failed';
      throw error;
    }
  }

  #onEach<Item, T>(items: Item[], work: (item: Item) => Promise<T>): Promise<T[]> {
    const inLine = openLine(this.#atOnce);
    return Promise.all(items.map((item) => inLine(() => work(item))));
  }

  #isPlanned(phase: PhaseName, host: HostRecord): boolean {
    const steps = entriesOf(phase, this.#cluster, host).map(({ step }) => step);
    const { changes } = this.#planOf(host);
    return changes.some(({ step }) => (steps as string[]).includes(step));
  }

  #forwardHold(held: boolean): void {
    // A child that ends meanwhile no longer needs to be told.
    for (const child of this.#children) void child.signal(held ? holdSignal : resumeSignal).catch(() => {});
    if (['running', 'held'].includes(this.#progress.status)) this.show(this.#goingOn);
  }

  #phase(title: string): PhaseProgress {
    return this.#progress.phases.find((phase) => phase.title === title)!;
  }

  #planOf(host: HostRecord): PlannedHost {
    return this.#plans.find((plan) => plan.host === host.name)!;
  }

  #childId(phase: PhaseName, host: HostRecord): string {
    return `${workflowInfo().workflowId}/${phase}/${host.name}`;
  }
}
