import type { Command } from 'commander';
import { action, command } from '../command.js';
import { takeDown } from '../embedded/up.js';
import { print, printJson } from '../print.js';

export function down(): Command {
  return command('down', {
    description:
      'Stops the worker and the embedded Temporal server. Nothing is lost: open runs go on at the next `temper up`.',
    example: 'temper down',
  }).action(
    action(async ({ json }) => {
      const stopped = await takeDown();
      if (json) return printJson({ stopped });
      print(stopped.length > 0 ? `stopped: ${stopped.join(', ')}` : 'nothing was running');
    }),
  );
}
