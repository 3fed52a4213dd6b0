import { Command } from 'commander';
import { action, command } from '../command.js';
import { exitCodes } from '../exit-codes.js';
import { print, printJson } from '../print.js';
import { verifyBundle } from '../../../bundle/verify.js';

export function bundle(): Command {
  return new Command('bundle').description('Makes and checks bundles.').addCommand(verify());
}

function verify(): Command {
  return command('verify', {
    description:
      'Checks every file of a bundle against its checksum, and names those that are missing, changed or unknown.',
    example: 'temper bundle verify ./bundle',
  })
    .argument('<folder>', 'the bundle')
    .action(
      action(async ({ json }, folder: string) => {
        const findings = await verifyBundle(folder);
        if (json) printJson({ folder, findings });
        else for (const { file, problem } of findings) print(`${file}: ${problem}`);
        if (findings.length > 0) return exitCodes.badInput;
        if (!json) print(`${folder} is whole`);
        return exitCodes.done;
      }),
    );
}
