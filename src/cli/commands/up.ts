import type { Command } from 'commander';
import { action, command } from '../command.js';
import { ensureUp } from '../embedded/up.js';
import { print, printJson } from '../print.js';
import { stateFolder } from '../../worker/settings.js';

export function up(): Command {
  return command('up', {
    description:
      'Starts the worker, and Temporal itself unless TEMPORAL_ADDRESS or temporal.toml name a server. Open runs go on by themselves.',
    example: 'temper up',
  }).action(
    action(async ({ json }) => {
      const { access, ui, started } = await ensureUp({ workerForConfigured: true });
      const { address } = access.connectionOptions;
      if (json)
        return printJson({ address, temporalNamespace: access.temporalNamespace, ui, started, state: stateFolder() });
      print(started.length > 0 ? `started: ${started.join(', ')}` : 'already up');
      print(`  Temporal  ${address}, namespace ${access.temporalNamespace}`);
      if (ui) print(`  Web UI    ${ui}`);
      print(`  state     ${stateFolder()}`);
    }),
  );
}
