import type { Command } from 'commander';
import { bootstrapRun, withRunOptions } from '../bootstrap-run.js';
import type { RunOptions } from '../bootstrap-run.js';
import { readSpec } from '../cluster-file.js';
import { action, command } from '../command.js';
import { mustRemain } from '../named-hosts.js';

export function bootstrap(): Command {
  const make = command('bootstrap', {
    description: 'Makes the cluster, or goes on with it where it stopped. On a finished cluster it changes nothing.',
    example: 'temper bootstrap cluster.yaml --yes',
  }).argument('[file]', 'the cluster', 'cluster.yaml');
  return withRunOptions(make)
    .option('--without <name>', 'leave this host alone, this time; may be given again', collect, [])
    .action(
      action(async ({ without, ...options }: RunOptions & { without: string[] }, file: string) => {
        const spec = await readSpec(file);
        mustRemain(spec, without);
        return bootstrapRun(spec, { without }, options, file);
      }),
    );
}

function collect(name: string, before: string[]): string[] {
  return [...before, name];
}
