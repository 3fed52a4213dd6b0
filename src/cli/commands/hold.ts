import type { Command } from 'commander';
import { holdUpdate } from '../../workflows/messages.js';
import { needWorker, withClient, workflowId } from '../client.js';
import { clusterName } from '../cluster-file.js';
import { action, command } from '../command.js';
import { print, printJson } from '../print.js';

export function hold(): Command {
  return command('hold', {
    description: 'Stops the open run of a cluster after the step that runs now.',
    example: 'temper hold prod',
  })
    .argument('[cluster]', "the cluster's file or name", 'cluster.yaml')
    .action(
      action(async ({ json }, fileOrName: string) => {
        const cluster = await clusterName(fileOrName);
        await withClient(async (connected) => {
          await needWorker(connected);
          await connected.client.workflow.getHandle(workflowId(cluster)).executeUpdate(holdUpdate);
        });
        if (json) return printJson({ cluster, status: 'held' });
        print(`held ${cluster}`);
      }),
    );
}
