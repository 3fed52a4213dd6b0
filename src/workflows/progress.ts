import { setCurrentDetails, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { HostFinding } from '../activities/calls.js';
import { runDetails } from './details.js';
import { commandOf, hostReportSignal, progressQuery } from './messages.js';
import type { BlockedStep, PhaseProgress, Quarantine, RunProgress, RunStatus } from './messages.js';
import { phaseNames, phases } from './runbook/phases.js';
import type { PhaseName } from './runbook/phases.js';
import { searchAttributes } from './search-attributes.js';

/** How far a run is, visible everywhere: progress query, current details, search attributes. */
export interface ProgressBoard {
  readonly now: RunProgress;
  /** What hosts that were stopped could not take back; among the warnings too. */
  readonly left: HostFinding[];
  show(status: RunStatus): void;
  /** Does `work` as the phase of this title. */
  inPhase(title: string, work: () => Promise<unknown>): Promise<void>;
  /** The first of `hosts` begins, or another one. */
  begin(phase: PhaseName, hosts: PhaseProgress['hosts']): void;
  endWith(phase: PhaseName, all: Promise<unknown>): void;
  /** Phases that have something for no host of this cluster are not shown. */
  concern(isConcerned: (phase: PhaseName) => boolean): void;
  leaveOut(phase: PhaseName): void;
  isDone(phase: PhaseName): boolean;
  hold(held: boolean): void;
  quarantine(given: Quarantine): void;
}

/** Sets the handlers, so call it first thing in the workflow. `isNeeded`: whether the run cannot do without a host. */
export function openProgress(cluster: string, isNeeded: (host: string) => boolean): ProgressBoard {
  const titles = [
    ...['Look at the hosts', 'Check the network', 'Agree on the plan'],
    ...Object.values(phases).map(({ title }) => title),
    'Verify the cluster',
  ];
  const now: RunProgress = {
    cluster,
    status: 'looking',
    phases: titles.map((title) => ({ title, status: 'waiting', hosts: [] })),
    warnings: [],
    blocked: [],
    quarantined: [],
  };
  const left: HostFinding[] = [];
  let held = false;
  /** Status and blocked steps as the search attributes have them: each change of these is an event in the history. */
  let shown = '';

  const show = (status: RunStatus): void => {
    now.status = status;
    setCurrentDetails(runDetails(now, commandOf(workflowInfo().memo)));
    const blocked = now.blocked.map(({ host, step }) => `${host}/${step}`).join(' ');
    const next = `${status} ${blocked}`;
    if (next === shown) return;
    shown = next;
    upsertSearchAttributes([
      { key: searchAttributes.status, value: status },
      { key: searchAttributes.blockedStep, value: blocked || null },
    ]);
  };
  const goingOn = (): RunStatus => {
    if (now.blocked.length > 0) return 'blocked';
    return held ? 'held' : 'running';
  };
  /** `blocked` in place of what is no longer so. */
  const showBlocked = (isOver: (step: BlockedStep) => boolean, blocked?: BlockedStep): void => {
    now.blocked = now.blocked.filter((step) => !isOver(step));
    if (blocked) now.blocked.push({ ...blocked, quarantinable: !isNeeded(blocked.host) });
    show(now.status === 'verifying' ? 'verifying' : goingOn());
  };
  const find = (title: string) => now.phases.find((phase) => phase.title === title);
  const phaseOf = (title: string): PhaseProgress => find(title)!;

  setHandler(progressQuery, () => now, { description: 'Phases, hosts, the plan and blocked steps.' });
  setHandler(
    hostReportSignal,
    ({ workflowId, blocked, left: kept }) => {
      for (const list of [left, now.warnings]) list.push(...(kept ? [kept] : []));
      // A child that is being stopped may have been about to ask.
      const isStopped = now.quarantined.some(({ host }) => host === blocked?.host);
      showBlocked((step) => step.workflowId === workflowId, isStopped ? undefined : blocked);
    },
    { description: 'From a host phase: a step is blocked, or no longer. Not for people.' },
  );
  upsertSearchAttributes([{ key: searchAttributes.cluster, value: cluster }]);

  return {
    now,
    left,
    show,
    async inPhase(title, work) {
      const phase = phaseOf(title);
      phase.status = 'running';
      show(now.status);
      try {
        await work();
        phase.status = 'done';
      } catch (error) {
        phase.status = 'failed';
        throw error;
      }
    },
    begin(phase, hosts) {
      const begun = phaseOf(phases[phase].title);
      if (begun.status === 'running') return;
      Object.assign(begun, { status: 'running', hosts });
      show(goingOn());
      upsertSearchAttributes([{ key: searchAttributes.phase, value: phase }]);
    },
    endWith(phase, all) {
      const ended = phaseOf(phases[phase].title);
      const end = (status: PhaseProgress['status']) => {
        ended.status = status;
        show(now.status);
      };
      all.then(
        () => end('done'),
        // One that has not begun fails only because another did.
        () => end(ended.status === 'running' ? 'failed' : ended.status),
      );
    },
    concern(isConcerned) {
      const others = phaseNames.filter((name) => !isConcerned(name)).map((name) => phases[name].title);
      now.phases = now.phases.filter(({ title }) => !others.includes(title));
    },
    leaveOut(phase) {
      const idle = find(phases[phase].title);
      if (idle) idle.status = 'nothing to do';
    },
    isDone: (phase) => find(phases[phase].title)?.status === 'done',
    hold(value) {
      held = value;
      if (['running', 'held'].includes(now.status)) show(goingOn());
    },
    quarantine(given) {
      now.quarantined.push(given);
      showBlocked(({ host }) => host === given.host);
    },
  };
}
