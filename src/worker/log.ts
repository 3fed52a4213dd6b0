import { createWriteStream } from 'node:fs';
import { DefaultLogger } from '@temporalio/worker';
import type { LogEntry, Logger } from '@temporalio/worker';

/** One JSON object a line, appended to `file`; to standard output without one. Key material and tokens never reach it. */
export function jsonLogger(file: string | undefined): Logger {
  const out = file ? createWriteStream(file, { flags: 'a', mode: 0o600 }) : process.stdout;
  return new DefaultLogger('INFO', (entry) => out.write(`${withoutSecrets(line(entry))}\n`));
}

/** Whatever an error message or a command's output drags along: PEM blocks, kubeconfig data, bootstrap tokens. */
export function withoutSecrets(json: string): string {
  return json
    .replaceAll(/-----BEGIN ([A-Z ]*PRIVATE KEY)-----.*?(-----END \1-----|(?="))/gs, '<private key>')
    .replaceAll(/\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g, '<token>')
    .replaceAll(/((?:client-key-data|token|password)\\?"?[:=]\s*\\?"?)[^\s"\\]+/gi, '$1<secret>');
}

function line({ level, message, timestampNanos, meta }: LogEntry): string {
  const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
  return JSON.stringify({ time, level, message, ...meta }, (_key, value: unknown) => {
    if (value instanceof Error)
      return { name: value.name, message: value.message, stack: value.stack, cause: value.cause };
    return typeof value === 'bigint' ? String(value) : value;
  });
}
