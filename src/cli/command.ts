import { Command } from 'commander';
import type { ExitCode } from './exit-codes.js';
import { exitCodeOf, exitCodes } from './exit-codes.js';
import { about, printError } from './print.js';

/** What a command's work is given beside its arguments. */
export type Options = Record<string, unknown> & { json?: boolean };

/** A command of `temper`: every one has an example and `--json`. */
export function command(name: string, about: { description: string; example: string }): Command {
  return new Command(name)
    .description(about.description)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', `\nExample:\n  ${about.example.replaceAll('\n', '\n  ')}`);
}

/** Runs `work` with the command's arguments and options; what it returns or throws becomes the exit code. */
export function action<Arguments extends unknown[], Given extends Options>(
  work: (given: Given, ...args: Arguments) => Promise<ExitCode | void>,
): (...all: unknown[]) => Promise<void> {
  return async (...all) => {
    const given = all.at(-2) as Given;
    try {
      process.exitCode = (await work(given, ...(all.slice(0, -2) as Arguments))) ?? exitCodes.done;
    } catch (error) {
      printError(error, given.json === true);
      process.exitCode = exitCodeOf(about(error).code);
    }
  };
}
