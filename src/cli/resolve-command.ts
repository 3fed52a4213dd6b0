import type { Command } from 'commander';
import { withClient } from './client.js';
import { clusterName } from './cluster-file.js';
import { action, command } from './command.js';
import type { Options } from './command.js';
import { print, printJson } from './print.js';
import { resolveBlockedStep } from './resolve-blocked-step.js';

interface Given extends Options {
  host?: string;
  step?: string;
  note?: string;
}

/** The commands that answer a blocked step differ in the answer alone. */
export function resolveCommand(answer: 'retry' | 'skip', about: Parameters<typeof command>[1]): Command {
  return command(answer, about)
    .argument('[cluster]', "the cluster's file or name", 'cluster.yaml')
    .option('--host <name>', 'when several hosts are blocked')
    .option('--step <name>', 'the blocked step, such as startEtcdMember')
    .option('--note <why>', 'kept in the history')
    .action(
      action(async ({ host, step, note, json }: Given, fileOrName: string) => {
        const cluster = await clusterName(fileOrName);
        const resolved = await withClient((connected) =>
          resolveBlockedStep(connected, { cluster, host, step }, { action: answer, note }),
        );
        if (json) return printJson({ cluster, host: resolved.host, step: resolved.step, action: answer });
        print(`${answer}: ${resolved.host} ${resolved.step}; temper watch ${cluster}`);
      }),
    );
}
