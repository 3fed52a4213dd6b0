import type { HostFinding } from '../../activities/calls.js';
import { exitCodeOf, exitCodes } from '../exit-codes.js';
import type { ExitCode } from '../exit-codes.js';
import type { Outcome } from '../follow.js';
import { findingLines } from './finding-lines.js';
import { note, plural, print, printJson, styled } from '../print.js';
import type { RunView } from '../run-view.js';
import type { BlockedStep } from '../../workflows/messages.js';

/** Says how a run ended, and returns the exit code. */
export function conclude(run: Concluded, outcome: Outcome, json?: boolean): ExitCode {
  if (json) printJson(outcome);
  else say(run, outcome);
  return exitCodeOfOutcome(outcome);
}

export function exitCodeOfOutcome(outcome: Outcome): ExitCode {
  return outcome.status === 'done' ? exitCodes.done : exitCodeOf(outcome.code);
}

type Concluded = Pick<RunView, 'cluster' | 'file'>;

function say({ cluster, file }: Concluded, outcome: Outcome): void {
  if (outcome.status === 'done') {
    const { kubernetesVersion, hosts, planned, drifted, quarantined } = outcome.summary;
    const what = planned > 0 ? `${plural(planned, 'change')} made` : 'nothing was left to do';
    print(
      `${styled('green', 'done')} ${cluster}: Kubernetes ${kubernetesVersion} on ${plural(hosts.length, 'host')}, ${what}`,
    );
    if (drifted > 0)
      print(`  temper plan ${file}    shows what is other than cluster.yaml says, and yours (${drifted})`);
    if (quarantined.length > 0) print(`  without ${quarantined.join(', ')}; when mended: temper bootstrap ${file}`);
    return print(`  temper kubeconfig ${file} --output admin.conf`);
  }
  const findings = findingsOf(outcome);
  const said = outcome.status === 'aborted' ? cluster : outcome.code;
  note(`${styled('red', outcome.status)} ${said}${findings.length > 0 ? '' : `: ${outcome.message}`}`);
  for (const line of findingLines(findings)) note(`  ${line}`);
}

/** What was found on the hosts, or what an abort could not take back. */
export function findingsOf(outcome: Outcome): HostFinding[] {
  if (outcome.status === 'done') return [];
  return (outcome.details as { findings?: HostFinding[] } | undefined)?.findings ?? [];
}

/** The steps at the gate: what failed, why, if wanted what the host says about it, and what to type. */
export function blockedLines({ cluster, progress }: RunView, { evidence }: { evidence: boolean }): string[] {
  return progress?.blocked.flatMap((step) => blockedStepLines(cluster, step, evidence)) ?? [];
}

function blockedStepLines(cluster: string, step: BlockedStep, withEvidence: boolean): string[] {
  const evidence = step.evidence?.trimEnd().split('\n') ?? [];
  return [
    `${styled('red', 'blocked')} ${step.host}: ${step.title} (${step.step}, attempt ${step.attempt})`,
    `  ${step.code}: ${step.message}`,
    ...(step.hint ? [`  ${step.hint}`] : []),
    ...(withEvidence ? evidence.map((line) => `  | ${line}`) : []),
    ...(evidence.length > 0 && !withEvidence
      ? [`  temper status ${cluster}    shows what the host says about it`]
      : []),
    `  temper retry ${cluster}    when the cause is mended`,
    ...(step.skippable ? [`  temper skip ${cluster} --note WHY    to go on without it`] : []),
    ...(step.quarantinable
      ? [`  temper quarantine ${cluster} --host ${step.host}    to go on without this host for now`]
      : []),
    `  temper abort ${cluster}    to end the run; what stands on the host stays`,
  ];
}
