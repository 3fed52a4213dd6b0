import { rename, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { TemperError } from '../../cluster/errors.js';
import { paths } from '../../cluster/paths.js';
import { Doors } from '../../host/doors.js';
import { hostTarget } from '../../workflows/host-target.js';
import { readSpec } from '../cluster-file.js';
import { action, command } from '../command.js';
import type { Options } from '../command.js';
import { print, printJson } from '../print.js';

interface Given extends Options {
  output?: string;
}

/** Goes straight to the host: what a kubeconfig carries must not pass through Temporal. */
export function kubeconfig(): Command {
  return command('kubeconfig', {
    description: "Prints the administrator's kubeconfig of the cluster, read from its first control plane.",
    example: 'temper kubeconfig cluster.yaml --output prod.conf',
  })
    .argument('[file]', 'the cluster', 'cluster.yaml')
    .option('-o, --output <file>', 'write it there, readable by you alone')
    .action(
      action(async ({ output, json }: Given, file: string) => {
        const spec = await readSpec(file);
        const host = spec.hosts.find(({ roles }) => roles.includes('control-plane'))!.name;
        const doors = new Doors();
        try {
          const door = await doors.to(hostTarget(spec, host));
          const { code, stdout, stderr } = await door.run('cat "$1"', { args: [`${paths.kubernetes}/admin.conf`] });
          if (code !== 0) {
            const hint = `temper status ${spec.name}`;
            throw new TemperError('COMMAND_FAILED', `${host}: there is no admin.conf yet (${stderr.trim()})`, { hint });
          }
          if (output) await writeSecret(output, stdout);
          if (json) return printJson(output ? { file: output } : { kubeconfig: stdout });
          if (!output) return void process.stdout.write(stdout);
          print(`wrote ${output}`);
        } finally {
          doors.close();
        }
      }),
    );
}

/** A file that is there already would keep its mode. */
async function writeSecret(file: string, content: string): Promise<void> {
  await writeFile(`${file}.new`, content, { mode: 0o600, flag: 'wx' });
  await rename(`${file}.new`, file);
}
