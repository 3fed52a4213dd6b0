import type { Command } from 'commander';
import { resumeUpdate } from '../../workflows/messages.js';
import { needWorker, withClient, workflowId } from '../client.js';
import { clusterName } from '../cluster-file.js';
import { action, command } from '../command.js';
import { print, printJson } from '../print.js';

export function resume(): Command {
  return command('resume', { description: 'Goes on with a run that is held.', example: 'temper resume prod' })
    .argument('[cluster]', "the cluster's file or name", 'cluster.yaml')
    .action(
      action(async ({ json }, fileOrName: string) => {
        const cluster = await clusterName(fileOrName);
        await withClient(async (connected) => {
          await needWorker(connected);
          await connected.client.workflow.getHandle(workflowId(cluster)).executeUpdate(resumeUpdate);
        });
        if (json) return printJson({ cluster, status: 'resumed' });
        print(`resumed ${cluster}`);
      }),
    );
}
