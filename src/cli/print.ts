import { styleText } from 'node:util';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { TemperError } from '../cluster/errors.js';

type Style = Parameters<typeof styleText>[0];

export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** One of several values: each on a line of its own. */
export function printJsonLine(value: unknown): void {
  print(JSON.stringify(value));
}

/** For people, beside the result: standard output stays clean for pipes. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Colored on a terminal, plain elsewhere and with NO_COLOR. */
export function styled(style: Style, text: string): string {
  return process.stdout.isTTY && !process.env.NO_COLOR ? styleText(style, text) : text;
}

/** One line that says what is wrong, one that says what to type next. */
export function printError(error: unknown, json: boolean): void {
  const { code, message, hint } = about(error);
  // On one line, because it may be the last of several.
  if (json) return printJsonLine({ error: { code, message, hint } });
  note(`${styled('red', 'error')} ${code}: ${message}`);
  if (hint) note(`  ${hint}`);
}

/** Errors of Temporal's client in our words; what nobody foresaw keeps its stack. */
export function about(error: unknown): { code: string; message: string; hint?: string } {
  if (error instanceof TemperError) return error;
  if (error instanceof WorkflowNotFoundError) {
    return { code: 'USAGE', message: `there is no run ${error.workflowId}`, hint: 'temper bootstrap starts one' };
  }
  if (error instanceof WorkflowUpdateFailedError)
    return { code: 'USAGE', message: error.cause?.message ?? error.message };
  return { code: 'UNEXPECTED', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
