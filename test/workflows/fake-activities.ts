import { setTimeout as sleep } from 'node:timers/promises';
import { activityInfo, ApplicationFailure, cancellationSignal, heartbeat } from '@temporalio/activity';
import type { Activities, PlannedHost, StepActivity } from '../../src/activities/activities.js';
import type { HostFinding, StepCall, UndoCall } from '../../src/activities/calls.js';
import type { Step } from '../../src/activities/step.js';
import { errorCodes, type ErrorCode } from '../../src/cluster/errors.js';
import type { PlannedChange } from '../../src/cluster/plan.js';
import { runbookOf } from '../../src/workflows/runbook/phases.js';
import { steps } from '../../src/activities/steps/index.js';
import { sampleCluster, sampleHost } from '../sample-cluster.js';

/** What goes on behind SSH, as far as a workflow can tell: which steps have had their effect, and what goes wrong. */
export class FakeHosts {
  /** Names of the steps whose effect stands, by host; a finished host has them all. */
  readonly #done = new Map<string, Set<string>>();
  /** Each call of a step, in order. */
  readonly calls: { step: string; call: StepCall; activityAttempt: number }[] = [];
  /** Each call to take back a step, in order. */
  readonly undone: UndoCall[] = [];
  findings: HostFinding[] = [];
  generation = 0;
  /** How often a hanging call was told to stop, and did. */
  interrupted = 0;
  /** Names of the hosts at work at this moment, and how many were at once at most. */
  readonly busy = new Set<string>();
  busiest = 0;
  /** How long an activity takes on a host, in milliseconds. */
  latencyOf: (activity: string, host: string) => number = () => 0;
  /** By step, or by step and host as in `pullImages w1`: what its next calls throw, first to last. `hang` beats on without an end. */
  faults: Record<string, (ErrorCode | 'hang')[]> = {};
  skippable: string[] = [];
  /** By step and host, as in `joinEtcd cp2`: how many changes the plan names of a step that is not done; else one. */
  changes: Record<string, number> = {};
  /** What etcd says about the loss of a member. */
  quorumRisk?: string;

  callsOf(step: string, host?: string) {
    return this.calls.filter((each) => each.step === step && (!host || each.call.host.name === host));
  }

  /** What stands on a host, to be looked at and changed. */
  done(host = 'cp1'): Set<string> {
    const done = this.#done.get(host) ?? new Set();
    this.#done.set(host, done);
    return done;
  }

  activities(): Activities & Record<string, unknown> {
    const named = Object.keys(steps).map((step): [string, StepActivity] => [step, (call) => this.#run(step, call)]);
    return {
      ...Object.fromEntries(named),
      readBundle: async () => sampleCluster().bundle,
      verifyWholeBundle: async () => {},
      lookAtHost: async ({ host, spec }) => {
        await this.#maybeFail('lookAtHost');
        const number = 11 + spec.hosts.findIndex(({ name }) => name === host.name);
        const addresses = { controlPlaneAddress: `10.0.0.${number}`, workloadPlaneAddress: `10.0.1.${number}` };
        const { roles } = spec.hosts.find(({ name }) => name === host.name)!;
        const record = { ...sampleHost, ...addresses, name: host.name, hostname: host.name, roles };
        return { record, generation: this.generation, findings: this.findings };
      },
      readNetwork: async ({ host }) => ({ host: host.name, machineId: host.name, clock: { ahead: 0, uncertain: 0 } }),
      listenForPeers: async ({ host }) => ({
        host: host.name,
        serving: [],
        by: 'listener',
        links: { controlPlane: undefined, workloadPlane: undefined },
      }),
      reachPeers: async ({ host }) => ({ host: host.name, failed: [], unanswered: [], narrow: [] }),
      stopListening: async () => true,
      planHost: async ({ host, cluster }) => {
        await this.#maybeFail('planHost');
        const record = cluster.hosts.find(({ name }) => name === host.name)!;
        return this.#plan(
          host.name,
          runbookOf(cluster, record).map(({ step }) => step),
        );
      },
      hashPlans: async ({ hashes }) => hashes.join('+'),
      verifyHost: async ({ host }) => this.#maybeFail('verifyHost', host.name),
      quorumRiskWithout: async () => this.quorumRisk,
      undoStep: async (call) => {
        this.undone.push(call);
        await this.#beBusy('undoStep', call.host.name);
        await this.#maybeFail('undoStep', call.host.name);
        return { host: call.host.name, changed: [] };
      },
      collectEvidence: async ({ host }) => `journal of ${host.name}`,
    };
  }

  async #run(step: string, call: StepCall) {
    const host = call.host.name;
    this.calls.push({ step, call, activityAttempt: activityInfo().attempt });
    await this.#beBusy(step, host);
    await this.#maybeFail(step, host);
    if (this.done(host).has(step)) return { host, changed: [] };
    if (!call.approved.includes(`file /${step}`)) throw failure('PLAN_MOVED');
    this.done(host).add(step);
    return { host, changed: [`Wrote /${step}`] };
  }

  async #beBusy(activity: string, host: string): Promise<void> {
    this.busy.add(host);
    this.busiest = Math.max(this.busiest, this.busy.size);
    await sleep(this.latencyOf(activity, host)).finally(() => this.busy.delete(host));
  }

  #plan(host: string, names: string[]): PlannedHost {
    const open = names.filter((step) => !this.done(host).has(step));
    return {
      host,
      hash: `plan-of-${open.length}`,
      changes: open.flatMap((step) =>
        Array.from({ length: this.changes[`${step} ${host}`] ?? 1 }, () => this.#change(step)),
      ),
      drift: [],
      steps: Object.fromEntries(
        names.map((step) => [
          step,
          {
            title: `Do ${step}`,
            skippable: this.skippable.includes(step),
            undoable: (steps as Record<string, Pick<Step<never, never>, 'undo'>>)[step]!.undo !== undefined,
            approved: open.includes(step) ? [`file /${step}`] : [],
          },
        ]),
      ),
    };
  }

  #change(step: string): PlannedChange {
    return { step, kind: 'file', target: `/${step}`, content: '', says: `Write /${step}` };
  }

  async #maybeFail(step: string, host = ''): Promise<void> {
    const fault = this.faults[step]?.shift() ?? this.faults[`${step} ${host}`]?.shift();
    if (fault === 'hang') await hang().finally(() => this.interrupted++);
    else if (fault) throw failure(fault);
  }
}

function failure(code: ErrorCode): ApplicationFailure {
  const nonRetryable = errorCodes[code].nature !== 'unreachable';
  return ApplicationFailure.create({
    message: `it said ${code}`,
    type: code,
    nonRetryable,
    details: [{ hint: 'mend it' }],
  });
}

async function hang(): Promise<never> {
  for (;;) {
    heartbeat();
    await sleep(100, undefined, { signal: cancellationSignal() }).catch(() => {
      throw cancellationSignal().reason;
    });
  }
}
