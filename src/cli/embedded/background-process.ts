import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stateFolder } from '../../worker/settings.js';

export type ProcessName = 'server' | 'worker';

export interface ProcessRecord {
  pid: number;
  /** From /proc: with it a recycled process id is never taken for ours. */
  startTime: string;
  /** What it was started from; another one means that it is out of date. */
  version: string;
}

export interface Launch {
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  version: string;
}

/** Starts a process that outlives us and writes down who it is. Its output goes to `<name>.out` in the state folder. */
export async function startInBackground(name: ProcessName, launch: Launch): Promise<ProcessRecord> {
  const log = await open(join(stateFolder(), `${name}.out`), 'a', 0o600);
  const child = spawn(launch.command, launch.args, {
    cwd: stateFolder(),
    env: { ...process.env, ...launch.env },
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  child.unref();
  await log.close();
  const record = { pid: child.pid!, startTime: (await startTimeOf(child.pid!)) ?? '', version: launch.version };
  await writeFile(recordFile(name), `${JSON.stringify(record)}\n`);
  return record;
}

/** The record of `name` when that very process is alive. */
export async function running(name: ProcessName): Promise<ProcessRecord | undefined> {
  const text = await readFile(recordFile(name), 'utf8').catch(() => undefined);
  if (!text) return undefined;
  const record = JSON.parse(text) as ProcessRecord;
  return (await isAlive(record)) ? record : undefined;
}

/** True when `name` was started once and not stopped since; that it runs is another matter. */
export function isWanted(name: ProcessName): boolean {
  return existsSync(recordFile(name));
}

/** Asks the process to end, and makes it end when it has not after `patienceSeconds`. Returns false when it was not running. */
export async function stop(name: ProcessName, patienceSeconds: number): Promise<boolean> {
  const record = await running(name);
  await rm(recordFile(name), { force: true });
  if (!record) return false;
  process.kill(record.pid, 'SIGTERM');
  for (let waited = 0; await isAlive(record); waited += 0.1) {
    if (waited >= patienceSeconds) process.kill(record.pid, 'SIGKILL');
    await sleep(100);
  }
  return true;
}

async function isAlive({ pid, startTime }: ProcessRecord): Promise<boolean> {
  return (await startTimeOf(pid)) === startTime;
}

function recordFile(name: ProcessName): string {
  return join(stateFolder(), `${name}.json`);
}

/** Field 22 of /proc/PID/stat (proc(5)), in clock ticks since boot, beside the boot's id. A zombie counts as gone. */
async function startTimeOf(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return state === 'Z' ? undefined : `${boot.trim()}/${fields[18]}`;
  } catch {
    return undefined;
  }
}
