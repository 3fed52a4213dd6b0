import type { Command } from 'commander';
import { formatFinding } from '../../cluster/yaml-source.js';
import { readCluster } from '../cluster-file.js';
import { action, command } from '../command.js';
import type { Options } from '../command.js';
import { exitCodes } from '../exit-codes.js';
import { print, printJson } from '../print.js';

interface Given extends Options {
  hosts?: boolean;
  kubeadmConfig?: string;
}

export function check(): Command {
  return command('check', {
    description:
      'Checks cluster.yaml alone, without network; with --hosts also the bundle and the hosts, reading only.',
    example: 'temper check cluster.yaml --hosts',
  })
    .argument('[file]', 'the cluster', 'cluster.yaml')
    .option('--hosts', 'look at every host too')
    .option('--kubeadm-config <host>', "print the kubeadm documents that equal this host's answers")
    .action(
      action(async ({ json }: Given, file: string) => {
        const { spec, findings } = await readCluster(file);
        if (json) printJson({ valid: spec !== undefined, findings });
        else for (const finding of findings) print(formatFinding(finding));
        if (!spec) return exitCodes.badInput;
        if (!json) print(`${file} is valid`);
        return exitCodes.done;
      }),
    );
}
