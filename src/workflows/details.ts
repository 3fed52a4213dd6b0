import type { BlockedStep, HostProgress, PhaseProgress, RunProgress, StepProgress } from './messages.js';

/** The run as Markdown, for the Web UI's current details. */
export function runDetails({ cluster, status, phases, plan, blocked }: RunProgress, command: string): string {
  return [
    `**${cluster}**: ${status}`,
    ...(status === 'waiting for approval' && plan ? [approval(plan, command)] : []),
    ...blocked.map((step) => blockedDetails(cluster, step)),
    ['| | Phase | Hosts |', '|---|---|---|', ...phases.map(phaseRow)].join('\n'),
  ].join('\n\n');
}

/** One phase on one host as Markdown. */
export function hostDetails({ host, status, steps }: HostProgress, cluster: string, blocked?: BlockedStep): string {
  return [
    `**${host}**: ${status}`,
    ...(blocked ? [blockedDetails(cluster, blocked)] : []),
    ['| | Step | Changes |', '|---|---|---|', ...steps.map(stepRow)].join('\n'),
  ].join('\n\n');
}

const marks: Record<PhaseProgress['status'] | StepProgress['status'], string> = {
  waiting: '·',
  running: '⏳',
  blocked: '⛔',
  done: '✅',
  'nothing to do': '✅',
  skipped: '⏭',
  failed: '❌',
};

function phaseRow({ title, status, hosts }: PhaseProgress): string {
  const names = hosts.map(({ host }) => host).join(', ');
  return `| ${marks[status]} | ${title} | ${status === 'nothing to do' ? status : names} |`;
}

function stepRow({ title, status, attempt, changed }: StepProgress): string {
  const tries = attempt > 1 ? ` (attempt ${attempt})` : '';
  return `| ${marks[status]} | ${title}${tries} | ${changed?.length ?? ''} |`;
}

function approval(plan: NonNullable<RunProgress['plan']>, command: string): string {
  const counts = plan.hosts.map(({ host, changes }) => `${host}: ${changes} changes`).join(', ');
  return `The plan waits for approval (${counts}): \`${command} --approve ${plan.hash}\`, or the update \`approve\` of this workflow with \`{"hash": "${plan.hash}"}\`.`;
}

function blockedDetails(
  cluster: string,
  { host, step, title, attempt, code, message, hint, workflowId }: BlockedStep,
): string {
  return [
    `⛔ **${host}: ${title}** (${step}, attempt ${attempt}): ${code}`,
    `> ${oneLine(message)}`,
    ...(hint ? [`> ${oneLine(hint)}`] : []),
    '',
    `When it is mended: \`temper retry ${cluster}\`, or the update \`resolveStep\` of the workflow \`${workflowId}\` with \`{"step": "${step}", "attempt": ${attempt}, "action": "retry"}\`.`,
  ].join('\n');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
