import type { Command } from 'commander';
import { clusterFileOf } from '../../workflows/messages.js';
import { withClient, workflowId } from '../client.js';
import { clusterName } from '../cluster-file.js';
import { action, command } from '../command.js';
import { exitCodes } from '../exit-codes.js';
import { follow, outcomeOf } from '../follow.js';
import { print, printJsonLine } from '../print.js';
import { conclude, exitCodeOfOutcome } from '../views/conclusion.js';
import { openScreen } from '../views/screen.js';

export function watch(): Command {
  return command('watch', {
    description: 'Follows the run of a cluster to its end, through waits and retries. Ctrl-C leaves it running.',
    example: 'temper watch prod',
  })
    .argument('[cluster]', "the cluster's file or name", 'cluster.yaml')
    .action(
      action(async ({ json }, fileOrName: string) => {
        const cluster = await clusterName(fileOrName);
        return withClient(async (connected) => {
          const { runId, memo } = await connected.client.workflow.getHandle(workflowId(cluster)).describe();
          const screen = openScreen(json ? 'jsonLines' : 'people');
          const { pause } = await follow(connected, { cluster, runId }, { screen, stopWhenWaiting: false });
          if (pause !== 'closed') {
            if (!json) print(`The run goes on. Come back with: temper watch ${cluster}`);
            return exitCodes.done;
          }
          const outcome = await outcomeOf(connected, cluster, runId);
          if (!json) return conclude({ cluster, file: clusterFileOf(memo) }, outcome);
          printJsonLine(outcome);
          return exitCodeOfOutcome(outcome);
        });
      }),
    );
}
