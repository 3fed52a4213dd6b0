import type { HostFinding } from '../activities/calls.js';
import type { BlockedStep, HostProgress, PhaseProgress, RunProgress, StepProgress } from './messages.js';

/** The run as Markdown, for the Web UI's current details. */
export function runDetails(
  { cluster, status, phases, plan, warnings, blocked, quarantined }: RunProgress,
  command: string,
): string {
  return [
    `**${cluster}**: ${status}`,
    ...(status === 'waiting for approval' && plan ? [approval(plan, command)] : []),
    ...blocked.map((step) => blockedDetails(cluster, step)),
    ...quarantined.map(
      ({ host, by, note }) => `**${host}** is quarantined${by ? ` by ${by}` : ''}${note ? `: ${oneLine(note)}` : ''}`,
    ),
    table(['', 'Phase', 'Hosts'], ...phases.map((phase) => phaseRow(phase, blocked))),
    ...(warnings.length > 0 ? [table(['Host', 'Warning', 'Seen', 'What to do'], ...warnings.map(warningRow))] : []),
  ].join('\n\n');
}

/** One phase on one host as Markdown. */
export function hostDetails({ host, status, steps }: HostProgress, cluster: string, blocked?: BlockedStep): string {
  return [
    `**${host}**: ${status}`,
    ...(blocked ? [blockedDetails(cluster, blocked)] : []),
    table(['', 'Step', 'Changes'], ...steps.map(stepRow)),
  ].join('\n\n');
}

function phaseRow({ title, status, hosts }: PhaseProgress, blocked: BlockedStep[]): string[] {
  const isBlocked = hosts.some(({ workflowId }) => blocked.some((step) => step.workflowId === workflowId));
  return [isBlocked ? 'blocked' : status, title, hosts.map(({ host }) => host).join(', ')];
}

function warningRow({ host, check, message, hint = '' }: HostFinding): string[] {
  return [host, check, message, hint].map((cell) => oneLine(cell).replaceAll('|', '\\|'));
}

function stepRow({ title, status, attempt, changed }: StepProgress): string[] {
  return [status, `${title}${attempt > 1 ? ` (attempt ${attempt})` : ''}`, String(changed?.length ?? '')];
}

/** The Web UI sets no space between cells, and not every machine has a font with marks and emoji. */
function table(...rows: string[][]): string {
  const [head, ...body] = rows.map((cells) => `| ${cells.map((cell) => `${cell}\u00a0\u00a0\u00a0`).join(' | ')} |`);
  return [head, `|${':---|'.repeat(rows[0]!.length)}`, ...body].join('\n');
}

function approval(plan: NonNullable<RunProgress['plan']>, command: string): string {
  const counts = plan.hosts.map(({ host, changes }) => `${host}: ${changes} changes`).join(', ');
  return `The plan waits for approval (${counts}): \`${command} --approve ${plan.hash}\`, or the update \`approve\` of this workflow with \`{"hash": "${plan.hash}"}\`.`;
}

function blockedDetails(
  cluster: string,
  { host, step, title, attempt, quarantinable, code, message, hint, workflowId }: BlockedStep,
): string {
  return [
    `**${host} is blocked: ${title}** (${step}, attempt ${attempt}): ${code}`,
    `> ${oneLine(message)}`,
    ...(hint ? [`> ${oneLine(hint)}`] : []),
    '',
    `When it is mended: \`temper retry ${cluster}\`, or the update \`resolveStep\` of the workflow \`${workflowId}\` with \`{"step": "${step}", "attempt": ${attempt}, "action": "retry"}\`.`,
    ...(quarantinable
      ? [
          '',
          `To go on without ${host} for now: \`temper quarantine ${cluster} --host ${host}\`, or the update \`quarantine\` of the run with \`{"host": "${host}"}\`.`,
        ]
      : []),
  ].join('\n');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
