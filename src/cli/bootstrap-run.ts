import { createInterface } from 'node:readline/promises';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { defaults } from '../cluster/defaults.js';
import type { ClusterSpec } from '../cluster/spec.js';
import { approveUpdate, planQuery } from '../workflows/messages.js';
import type { BootstrapInput } from '../workflows/messages.js';
import { me, readyForRuns, withClient, workflowId } from './client.js';
import type { Connected } from './client.js';
import type { Options } from './command.js';
import { exitCodes } from './exit-codes.js';
import type { ExitCode } from './exit-codes.js';
import { follow, outcomeOf } from './follow.js';
import { note, print, printJson } from './print.js';
import type { RunView } from './run-view.js';
import { startBootstrap } from './start-run.js';
import { runLink } from './ui-link.js';
import { blockedLines, conclude } from './views/conclusion.js';
import { planLines } from './views/plan-lines.js';
import { openScreen } from './views/screen.js';

/** What every command is given that makes or changes a cluster. */
export interface RunOptions extends Options {
  yes?: boolean;
  approve?: string;
  detach?: boolean;
  atOnce?: number;
}

export function withRunOptions(command: Command): Command {
  return command
    .option('-y, --yes', 'agree to the plan, whatever it is')
    .option('--approve <hash>', 'agree to the plan with this hash, as it was shown')
    .option('--detach', 'start and return; `temper watch` shows the rest')
    .option('--at-once <number>', `work on so many hosts at once (default: ${defaults.hostsAtOnce})`, positiveNumber);
}

function positiveNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('give a number above 0');
  return Number(text);
}

/** Starts a bootstrap, or attaches to the open one that is the same, and follows it until it ends or waits. `file`: its cluster.yaml. */
export async function bootstrapRun(
  spec: ClusterSpec,
  only: Pick<BootstrapInput, 'without' | 'add'>,
  { yes, approve, detach, json, atOnce }: RunOptions,
  file: string,
): Promise<ExitCode> {
  return withClient(async (connected) => {
    await readyForRuns(connected);
    const agreed = yes ? 'any plan' : approve;
    const { runId, attached } = await startBootstrap(
      connected.client,
      { spec, approve: agreed, atOnce, ...only },
      file,
    );
    const run = { cluster: spec.name, runId };
    if (attached) note('This run is open already; following it.');
    const link = runLink(connected, run);
    if (link && !json) note(`Web UI: ${link}`);
    // An open run may wait for just this approval, so it is followed until it has it.
    if (detach && !(attached && agreed)) return detached(run.cluster, json);
    return followToEnd(connected, run, { agreed, json, file });
  });
}

type RunId = { cluster: string; runId: string };

async function followToEnd(connected: Connected, run: RunId, { agreed, json, file }: Answers): Promise<ExitCode> {
  const screen = openScreen(json ? 'silent' : 'people');
  for (;;) {
    const { pause, view } = await follow(connected, run, { screen, stopWhenWaiting: true });
    switch (pause) {
      case 'closed':
        return conclude({ cluster: run.cluster, file }, await outcomeOf(connected, run.cluster, run.runId), json);
      case 'approval':
        if (await agree(connected, run, view, { agreed, json })) continue;
        return exitCodes.waiting;
      case 'blocked':
        if (json) printJson(view);
        else for (const line of blockedLines(view, { evidence: false })) note(line);
        return exitCodes.waiting;
      case 'detached':
        return detached(run.cluster, json);
    }
  }
}

interface Answers {
  /** 'any plan', or the hash of the plan that was agreed to beforehand. */
  agreed: string | undefined;
  json: boolean | undefined;
  /** cluster.yaml, for the commands that come next. */
  file: string;
}

/** Sends the approval that was given beforehand to a run that waits; else shows the plan and asks, on a terminal. */
async function agree(
  connected: Connected,
  run: RunId,
  view: RunView,
  { agreed, json }: Omit<Answers, 'file'>,
): Promise<boolean> {
  const handle = connected.client.workflow.getHandle(workflowId(run.cluster), run.runId);
  const { hash } = view.progress!.plan!;
  if (agreed !== 'any plan' && agreed !== hash) {
    const plans = await handle.query(planQuery);
    if (json) printJson({ status: 'waiting for approval', hash, hosts: plans });
    else for (const line of planLines(plans)) print(line);
    if (agreed) note(`The plan is no longer ${agreed}.`);
    if (json || !(await askedAndAgreed())) {
      note(`Waiting for approval: ${view.command} --approve ${hash}`);
      return false;
    }
  }
  await handle.executeUpdate(approveUpdate, { args: [{ hash, by: me() }] });
  return true;
}

async function askedAndAgreed(): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    // Ctrl-C and Ctrl-D are a no.
    return /^y(es)?$/i.test(await terminal.question('Make these changes? [y/N] ').catch(() => ''));
  } finally {
    terminal.close();
  }
}

function detached(cluster: string, json: boolean | undefined): ExitCode {
  if (json) printJson({ status: 'detached', cluster });
  else print(`The run goes on. Come back with: temper watch ${cluster}`);
  return exitCodes.done;
}
