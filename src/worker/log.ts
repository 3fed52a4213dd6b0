import { createWriteStream } from 'node:fs';
import { DefaultLogger } from '@temporalio/worker';
import type { LogEntry, Logger } from '@temporalio/worker';
import { masked } from '../cluster/masked.js';

/** One JSON object a line, appended to `file`; to standard output without one. Every text in it is masked. */
export function jsonLogger(file: string | undefined): Logger {
  const out = file ? createWriteStream(file, { flags: 'a', mode: 0o600 }) : process.stdout;
  return new DefaultLogger('INFO', (entry) => out.write(`${logLine(entry)}\n`));
}

export function logLine({ level, message, timestampNanos, meta }: LogEntry): string {
  const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
  return JSON.stringify({ time, level, message, ...meta }, (_key, value: unknown) => {
    if (typeof value === 'string') return masked(value);
    if (typeof value === 'bigint') return String(value);
    if (!(value instanceof Error)) return value;
    return { name: value.name, message: value.message, stack: value.stack, cause: value.cause };
  });
}
