import type { Command } from 'commander';
import { TemperError } from '../../cluster/errors.js';
import { progressQuery, quarantineUpdate } from '../../workflows/messages.js';
import type { RunProgress } from '../../workflows/messages.js';
import { me, needWorker, withClient, workflowId } from '../client.js';
import { clusterName } from '../cluster-file.js';
import { action, command } from '../command.js';
import type { Options } from '../command.js';
import { print, printJson } from '../print.js';

interface Given extends Options {
  host?: string;
  note?: string;
}

export function quarantine(): Command {
  return command('quarantine', {
    description: 'Lets the open run go on without a host, where the others and the quorum of etcd can do without it.',
    example: "temper quarantine prod --host w2 --note 'its disk is broken'",
  })
    .argument('[cluster]', "the cluster's file or name", 'cluster.yaml')
    .option('--host <name>', 'default: the one that is blocked')
    .option('--note <why>', 'kept in the history')
    .action(
      action(async ({ host: named, note, json }: Given, fileOrName: string) => {
        const cluster = await clusterName(fileOrName);
        const host = await withClient(async (connected) => {
          await needWorker(connected);
          const run = connected.client.workflow.getHandle(workflowId(cluster));
          const chosen = named ?? theBlockedHost(await run.query(progressQuery));
          await run.executeUpdate(quarantineUpdate, { args: [{ host: chosen, note, by: me() }] });
          return chosen;
        });
        if (json) return printJson({ cluster, host, action: 'quarantine' });
        print(`quarantined ${host}; temper watch ${cluster}`);
      }),
    );
}

function theBlockedHost({ cluster, blocked }: RunProgress): string {
  if (blocked.length === 1) return blocked[0]!.host;
  const names = blocked.map(({ host }) => host).join(', ');
  throw blocked.length === 0
    ? new TemperError('USAGE', `no host of ${cluster} is blocked`, { hint: 'name it with --host' })
    : new TemperError('USAGE', `which host? blocked: ${names}`, { hint: 'name it with --host' });
}
