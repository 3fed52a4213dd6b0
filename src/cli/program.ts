import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { packageFolder } from '../worker/settings.js';
import { abort } from './commands/abort.js';
import { bootstrap } from './commands/bootstrap.js';
import { bundle } from './commands/bundle.js';
import { check } from './commands/check.js';
import { down } from './commands/down.js';
import { explain } from './commands/explain.js';
import { hold } from './commands/hold.js';
import { init } from './commands/init.js';
import { kubeconfig } from './commands/kubeconfig.js';
import { logs } from './commands/logs.js';
import { node } from './commands/node.js';
import { plan } from './commands/plan.js';
import { quarantine } from './commands/quarantine.js';
import { resume } from './commands/resume.js';
import { retry } from './commands/retry.js';
import { skip } from './commands/skip.js';
import { status } from './commands/status.js';
import { ui } from './commands/ui.js';
import { up } from './commands/up.js';
import { watch } from './commands/watch.js';
import { exitCodes } from './exit-codes.js';

const commands = [
  ...[init, check, plan, bootstrap, status, watch, logs],
  ...[retry, skip, quarantine, abort, hold, resume, node, kubeconfig],
  ...[ui, up, down, bundle, explain],
];

/** Runs the command line and returns its exit code. */
export async function run(argv: string[]): Promise<number> {
  process.exitCode = exitCodes.done;
  try {
    await program().parseAsync(argv, { from: 'user' });
    return process.exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and --version were asked for; anything else is a mistake in what was typed.
    return error.exitCode === 0 ? exitCodes.done : exitCodes.badInput;
  }
}

/** The whole command line. */
export function program(): Command {
  const { version } = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as { version: string };
  const temper = new Command('temper')
    .description(
      'Installs Kubernetes on plain Linux hosts. Every step is durable: an install that stopped goes on where it was.',
    )
    .version(version)
    .addHelpText('after', `\nExit codes:\n${exitCodeLines()}`);
  for (const make of commands) temper.addCommand(make());
  for (const each of [temper, ...temper.commands, ...temper.commands.flatMap((each) => each.commands)])
    each.exitOverride();
  return temper;
}

function exitCodeLines(): string {
  return [
    '  0  done',
    '  1  failed',
    '  2  bad input or bad hosts; nothing was touched',
    '  3  waiting for you: a step is blocked, a plan waits for approval, another run is open',
    '  4  no Temporal server or no worker',
    '  5  aborted',
  ].join('\n');
}
