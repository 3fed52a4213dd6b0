import type { Command } from 'commander';
import { holdUpdate, resumeUpdate } from '../workflows/messages.js';
import { needWorker, withClient, workflowId } from './client.js';
import { clusterName } from './cluster-file.js';
import { action, command } from './command.js';
import { print, printJson } from './print.js';

const answers = {
  hold: { update: holdUpdate, status: 'held' },
  resume: { update: resumeUpdate, status: 'resumed' },
};

/** The commands that stop and go on with an open run differ in the update alone. */
export function holdCommand(name: keyof typeof answers, about: Parameters<typeof command>[1]): Command {
  const { update, status } = answers[name];
  return command(name, about)
    .argument('[cluster]', "the cluster's file or name", 'cluster.yaml')
    .action(
      action(async ({ json }, fileOrName: string) => {
        const cluster = await clusterName(fileOrName);
        await withClient(async (connected) => {
          await needWorker(connected);
          await connected.client.workflow.getHandle(workflowId(cluster)).executeUpdate(update);
        });
        if (json) return printJson({ cluster, status });
        print(`${status} ${cluster}`);
      }),
    );
}
