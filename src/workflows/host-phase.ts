import {
  CancellationScope,
  getExternalWorkflowHandle,
  log,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities, StepActivity, StepAbout } from '../activities/activities.js';
import type { RunToken } from '../activities/calls.js';
import type { Cluster } from '../cluster/cluster.js';
import { hostDetails } from './details.js';
import { failureOf } from './failure.js';
import { findingOf } from './findings.js';
import { openGate } from './gate.js';
import { openHold } from './hold.js';
import { hostTarget } from './host-target.js';
import { hostProgressQuery, hostReportSignal } from './messages.js';
import type { BlockedStep, HostProgress, HostReport, StepProgress } from './messages.js';
import { natureOf, patience, pauseBetweenTries, triesOf } from './patience.js';
import { entriesOf } from './runbook/phases.js';
import type { PhaseName } from './runbook/phases.js';
import { searchAttributes } from './search-attributes.js';

export interface HostPhaseInput {
  phase: PhaseName;
  host: string;
  cluster: Cluster;
  run: Omit<RunToken, 'gateAttempt'>;
  /** What each step is called, and which of its changes were approved. */
  steps: Record<string, StepAbout>;
  held: boolean;
}

const { planHost, collectEvidence, undoStep } = proxyActivities<Activities>(patience.read);
const stepActivities = proxyActivities<Record<string, StepActivity>>(patience.step);

/** One phase on one host: its steps in order, each an activity of its own; a step that fails for good waits at the gate. */
export async function hostPhase(input: HostPhaseInput): Promise<number> {
  const { cluster, steps } = input;
  const host = cluster.hosts.find(({ name }) => name === input.host)!;
  const target = hostTarget(cluster.spec, host.name);
  const entries = entriesOf(input.phase, cluster, host);
  const gate = openGate();
  const progress: HostProgress = {
    host: host.name,
    status: 'running',
    steps: entries.map(({ step }) => ({ step, title: steps[step]!.title, status: 'waiting', attempt: 0 })),
  };
  let blocked: BlockedStep | undefined;
  let planMoved = false;
  const hold = openHold(input.held);
  setHandler(hostProgressQuery, () => progress, { description: 'The steps of this phase on this host.' });

  for (const [index, entry] of entries.entries()) {
    const current = progress.steps[index]!;
    if (hold.held) show('held');
    await hold.passed();
    show('running');
    const stepInput = entry.input(cluster, host);
    try {
      await runStep(current, stepInput);
    } catch (error) {
      await CancellationScope.nonCancellable(() => undo(current, stepInput));
      throw error;
    }
    show('running');
  }
  show('done');
  return progress.steps.reduce((sum, { changed = [] }) => sum + changed.length, 0);

  async function runStep(current: StepProgress, stepInput: unknown): Promise<void> {
    for (let triesLeft = Infinity; ;) {
      current.attempt++;
      current.status = 'running';
      show('running');
      try {
        current.changed = (await callStep(current, stepInput)).changed;
        current.status = 'done';
        return;
      } catch (error) {
        const failure = failureOf(error);
        triesLeft = Math.min(triesLeft, triesOf(failure.code)) - 1;
        if (triesLeft > 0) {
          await sleep(pauseBetweenTries, { summary: `${host.name}: ${current.step} failed, trying again` });
          continue;
        }
        if ((await askPerson(current, failure)) === 'skip') {
          current.status = 'skipped';
          return;
        }
        triesLeft = Infinity;
      }
    }
  }

  /** A step ends so only when the run is aborted. What it left half made is nobody's from now on, but the next run's. */
  async function undo({ step, title, attempt }: StepProgress, stepInput: unknown): Promise<void> {
    if (!steps[step]!.undoable) return;
    try {
      const options = { ...patience.undo, activityId: `${step}#undo`, summary: `${host.name}: take back ${step}` };
      const run = { ...input.run, gateAttempt: attempt + 1 };
      await undoStep.executeWithOptions(options, [{ step, host: target, run, input: stepInput }]);
    } catch (error) {
      const { message, ...failure } = failureOf(error);
      const left = {
        ...failure,
        message: `"${title}" was not taken back: ${message}`,
        hint: 'the next bootstrap goes on with it',
      };
      log.warn(left.message);
      // A run that was terminated does not listen any more.
      await report({ left: { ...findingOf(host.name, left), level: 'warning' } }).catch(() => {});
    }
  }

  async function callStep({ step, title, attempt }: StepProgress, stepInput: unknown) {
    if (planMoved) {
      // Whoever retries after PLAN_MOVED has read what moved, and agrees to it.
      const planned = await planHost({ host: target, cluster });
      steps[step] = planned.steps[step]!;
      planMoved = false;
    }
    const options = { ...patience.step, activityId: `${step}#${attempt}`, summary: `${host.name}: ${title}` };
    const run = { ...input.run, gateAttempt: attempt };
    return stepActivities[step]!.executeWithOptions(options, [
      { host: target, run, approved: steps[step]!.approved, input: stepInput },
    ]);
  }

  async function askPerson(current: StepProgress, failure: ReturnType<typeof failureOf>): Promise<'retry' | 'skip'> {
    const { step, title, attempt } = current;
    const isRefusal = natureOf(failure.code) === 'refusal';
    const evidence = isRefusal ? failure.evidence : [failure.evidence ?? '', await evidenceOf(step)].join('\n').trim();
    blocked = {
      workflowId: workflowInfo().workflowId,
      host: host.name,
      ...{ step, title, attempt, skippable: steps[step]!.skippable },
      ...{ ...failure, evidence },
    };
    current.status = 'blocked';
    show('blocked');
    upsertSearchAttributes([{ key: searchAttributes.blockedStep, value: step }]);
    // The gate is open before anybody can read that it is.
    const decided = gate.decide(blocked);
    const [decision] = await Promise.all([decided, report({ blocked })]);
    blocked = undefined;
    upsertSearchAttributes([{ key: searchAttributes.blockedStep, value: null }]);
    await report({});
    planMoved = decision === 'retry' && failure.code === 'PLAN_MOVED';
    return decision;
  }

  async function evidenceOf(step: string): Promise<string | undefined> {
    try {
      const options = { ...patience.evidence, summary: `${host.name}: why did ${step} fail?` };
      return await collectEvidence.executeWithOptions(options, [{ host: target }]);
    } catch (error) {
      return `No evidence: ${failureOf(error).message}`;
    }
  }

  async function report(about: Omit<HostReport, 'workflowId'>): Promise<void> {
    const { parent, workflowId } = workflowInfo();
    if (parent) await getExternalWorkflowHandle(parent.workflowId).signal(hostReportSignal, { workflowId, ...about });
  }

  function show(status: HostProgress['status']): void {
    const changed = progress.status !== status;
    progress.status = status;
    if (changed) upsertSearchAttributes([{ key: searchAttributes.status, value: status }]);
    setCurrentDetails(hostDetails(progress, cluster.spec.name, blocked));
  }
}
