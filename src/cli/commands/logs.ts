import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { TemperError } from '../../cluster/errors.js';
import { workerLogFile } from '../../worker/settings.js';
import { workflowId } from '../client.js';
import { clusterName } from '../cluster-file.js';
import { action, command } from '../command.js';
import type { Options } from '../command.js';
import { print } from '../print.js';

interface Given extends Options {
  host?: string;
  step?: string;
  follow?: boolean;
}

interface LogLine {
  time: string;
  level: string;
  message: string;
  workflowId?: string;
  activityType?: string;
}

export function logs(): Command {
  return command('logs', {
    description: "Prints what this machine's worker wrote about a cluster; secrets are masked.",
    example: 'temper logs prod --step startEtcdMember --follow',
  })
    .argument('[cluster]', "the cluster's file or name", 'cluster.yaml')
    .option('--host <name>', 'only this host')
    .option('--step <name>', 'only this step')
    .option('-f, --follow', 'wait for more')
    .action(
      action(async ({ host, step, follow, json }: Given, fileOrName: string) => {
        const id = workflowId(await clusterName(fileOrName));
        const isWanted = (line: LogLine): boolean =>
          (line.workflowId === id || line.workflowId?.startsWith(`${id}/`) === true) &&
          (!host || line.workflowId?.endsWith(`/${host}`) === true) &&
          (!step || line.activityType === step);
        for (let from = 0; ; await sleep(500)) {
          const { lines, end } = await readLines(workerLogFile(), from);
          for (const text of lines) {
            const line = JSON.parse(text) as LogLine;
            if (isWanted(line)) print(json ? text : spoken(line));
          }
          if (!follow) return;
          from = end;
        }
      }),
    );
}

/** Whole lines from the byte `from` on, and where the next look begins. */
async function readLines(file: string, from: number): Promise<{ lines: string[]; end: number }> {
  const size = await stat(file).then(
    (info) => info.size,
    (cause: unknown) => {
      throw new TemperError('USAGE', `no worker has run on this machine: there is no ${file}`, {
        hint: 'temper up',
        cause,
      });
    },
  );
  const lines: string[] = [];
  let rest = '';
  if (size > from) {
    for await (const text of createReadStream(file, { start: from, end: size - 1, encoding: 'utf8' })) {
      const parts = (rest + String(text)).split('\n');
      rest = parts.pop()!;
      lines.push(...parts.filter((line) => line.startsWith('{')));
    }
  }
  // A line that is just being written is read when it is whole.
  return { lines, end: Math.max(from, size) - Buffer.byteLength(rest) };
}

function spoken({ time, level, message, activityType, workflowId }: LogLine): string {
  const where = [workflowId?.split('/').at(-1), activityType].filter(Boolean).join(' ');
  return `${time} ${level.padEnd(5)} ${where}: ${message}`;
}
