import type { Command } from 'commander';
import { withClient } from '../client.js';
import { clusterName } from '../cluster-file.js';
import { action, command } from '../command.js';
import { exitCodes } from '../exit-codes.js';
import type { ExitCode } from '../exit-codes.js';
import { outcomeOf } from '../follow.js';
import type { Outcome } from '../follow.js';
import { note, print, printJson } from '../print.js';
import { lookAtRun } from '../run-view.js';
import type { RunView } from '../run-view.js';
import { detailsLink, runLink } from '../ui-link.js';
import { conclude, exitCodeOfOutcome } from '../views/conclusion.js';
import { statusLines } from '../views/status-lines.js';

export function status(): Command {
  return command('status', {
    description: 'Shows how far the run of a cluster is, and for a blocked step why, the evidence and what to type.',
    example: 'temper status prod',
  })
    .argument('[cluster]', "the cluster's file or name", 'cluster.yaml')
    .action(
      action(async ({ json }, fileOrName: string) => {
        const cluster = await clusterName(fileOrName);
        return withClient(async (connected) => {
          const view = await lookAtRun(connected.client, cluster);
          const isOpen = view.execution === 'RUNNING';
          const outcome = isOpen ? undefined : await outcomeOf(connected, cluster, view.runId);
          const link = isWaiting(view) ? detailsLink(connected, view) : runLink(connected, view);
          if (json) printJson({ ...view, outcome, link });
          else if (outcome) conclude(view, outcome);
          else for (const line of statusLines(view)) print(line);
          if (link && !json) note(`Web UI: ${link}`);
          return exitCodeOfRun(view, outcome);
        });
      }),
    );
}

function exitCodeOfRun({ progress }: RunView, outcome: Outcome | undefined): ExitCode {
  if (outcome) return exitCodeOfOutcome(outcome);
  if (!progress) return exitCodes.noService;
  return isWaiting({ progress }) ? exitCodes.waiting : exitCodes.done;
}

function isWaiting({ progress }: Pick<RunView, 'progress'>): boolean {
  return progress?.status === 'blocked' || progress?.status === 'waiting for approval';
}
