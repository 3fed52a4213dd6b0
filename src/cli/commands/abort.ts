import type { Command } from 'commander';
import { withClient, workflowId } from '../client.js';
import { clusterName } from '../cluster-file.js';
import { action, command } from '../command.js';
import { outcomeOf } from '../follow.js';
import { print, printJson } from '../print.js';
import { findingsOf } from '../views/conclusion.js';
import { findingLines } from '../views/finding-lines.js';

export function abort(): Command {
  return command('abort', {
    description:
      'Ends the open run of a cluster. The hosts stay as they are, but for an etcd member that never started; the next bootstrap goes on from there.',
    example: 'temper abort prod',
  })
    .argument('[cluster]', "the cluster's file or name", 'cluster.yaml')
    .action(
      action(async ({ json }, fileOrName: string) => {
        const cluster = await clusterName(fileOrName);
        await withClient(async (connected) => {
          const handle = connected.client.workflow.getHandle(workflowId(cluster));
          const { runId } = await handle.describe();
          await handle.cancel();
          const outcome = await outcomeOf(connected, cluster, runId);
          if (json) return printJson(outcome);
          print(outcome.status === 'aborted' ? `aborted ${cluster}` : `${cluster} was ${outcome.status} already`);
          for (const line of findingLines(findingsOf(outcome))) print(`  ${line}`);
        });
      }),
    );
}
