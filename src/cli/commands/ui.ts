import type { Command } from 'commander';
import { withClient, workflowId } from '../client.js';
import { clusterName } from '../cluster-file.js';
import { action, command } from '../command.js';
import { print, printJson } from '../print.js';

export function ui(): Command {
  return command('ui', {
    description:
      "Prints the link of the Web UI; with a cluster, the link of its run. A configured server's UI is not known to temper.",
    example: 'temper ui prod',
  })
    .argument('[cluster]', "the cluster's file or name")
    .action(
      action(async ({ json }, fileOrName?: string) => {
        const link = await withClient(async ({ ui, access }) => {
          const home = ui && `${ui}/namespaces/${access.temporalNamespace}/workflows`;
          return home && fileOrName ? `${home}/${encodeURIComponent(workflowId(await clusterName(fileOrName)))}` : home;
        });
        if (json) return printJson({ link: link ?? null });
        print(link ?? 'the Web UI belongs to the Temporal server that you configured; ask whoever runs it');
      }),
    );
}
