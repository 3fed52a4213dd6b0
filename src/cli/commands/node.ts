import { Command } from 'commander';
import { bootstrapRun, withRunOptions } from '../bootstrap-run.js';
import type { RunOptions } from '../bootstrap-run.js';
import { readSpec } from '../cluster-file.js';
import { action, command } from '../command.js';
import { mustBeHosts } from '../named-hosts.js';

export function node(): Command {
  return new Command('node').description('Nodes of a cluster that stands.').addCommand(add());
}

function add(): Command {
  const make = command('add', {
    description: 'Joins hosts of cluster.yaml by name. Others that have not joined yet are left alone.',
    example: 'temper node add w7 w8 --file cluster.yaml',
  })
    .argument('<names...>', "names of hosts in cluster.yaml's list")
    .option('-f, --file <file>', 'the cluster', 'cluster.yaml');
  return withRunOptions(make).action(
    action(async ({ file, ...options }: RunOptions & { file: string }, names: string[]) => {
      const spec = await readSpec(file);
      mustBeHosts(spec, names);
      return bootstrapRun(spec, { add: names }, options, file);
    }),
  );
}
