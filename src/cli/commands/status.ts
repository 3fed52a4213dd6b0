import type { Command } from 'commander';
import { withClient } from '../client.js';
import { clusterName } from '../cluster-file.js';
import { action, command } from '../command.js';
import { exitCodeOf, exitCodes } from '../exit-codes.js';
import { outcomeOf } from '../follow.js';
import { note, print, printJson, styled } from '../print.js';
import { lookAtRun } from '../run-view.js';
import { runLink } from '../ui-link.js';
import { blockedLines, conclude } from '../views/conclusion.js';
import { hostLine } from '../views/progress-lines.js';

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
          const { progress, hosts, runId, execution } = view;
          const outcome = execution === 'RUNNING' ? undefined : await outcomeOf(connected, cluster, runId);
          if (json) printJson({ ...view, outcome });
          if (outcome) {
            if (!json) return conclude(cluster, outcome);
            return outcome.status === 'done' ? exitCodes.done : exitCodeOf(outcome.code);
          }
          if (!json) {
            print(`${styled('bold', cluster)}: ${progress?.status ?? 'running, but no worker answers (temper up)'}`);
            for (const phase of progress?.phases ?? []) {
              print(`  ${phase.status.padEnd(14)}${phase.title}`);
              for (const host of hosts.filter(
                ({ phase: title, status }) => title === phase.title && status !== 'done',
              )) {
                print(`                ${hostLine(host)}`);
              }
            }
            for (const line of progress?.blocked.flatMap((step) => blockedLines(cluster, step, { evidence: true })) ??
              [])
              print(line);
            if (progress?.status === 'waiting for approval')
              print(`  temper bootstrap --approve ${progress.plan?.hash}`);
            const link = runLink(connected, { cluster, runId });
            if (link) note(`Web UI: ${link}`);
          }
          if (!progress) return exitCodes.noService;
          return ['blocked', 'waiting for approval'].includes(progress.status) ? exitCodes.waiting : exitCodes.done;
        });
      }),
    );
}
