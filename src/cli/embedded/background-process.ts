import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
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
  const args = [recordFile(name), JSON.stringify(launch.version), launch.command, ...launch.args];
  const child = spawn('sh', ['-c', recordThenRun, 'sh', ...args], {
    cwd: stateFolder(),
    env: { ...process.env, ...launch.env },
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  child.unref();
  await log.close();
  for (;;) {
    const record = await recordOf(name);
    if (record && record.pid === child.pid) return record;
    if (child.exitCode !== null)
      throw new Error(`the ${name} could not be started: read ${name}.out in ${stateFolder()}`);
    await sleep(10);
  }
}

/** The process itself writes who it is, before it becomes what it will be: whoever starts it may be killed at any moment. */
const recordThenRun = `set -e
printf '{"pid":%s,"startTime":"%s/%s","version":%s}\\n' "$$" "$(cat /proc/sys/kernel/random/boot_id)" \\
  "$(cut -d ' ' -f 22 "/proc/$$/stat")" "$2" >"$1.new"
mv "$1.new" "$1"
shift 2
exec "$@"
`;

/** The record of `name` when that very process is alive. */
export async function running(name: ProcessName): Promise<ProcessRecord | undefined> {
  const record = await recordOf(name);
  return record && (await isAlive(record)) ? record : undefined;
}

async function recordOf(name: ProcessName): Promise<ProcessRecord | undefined> {
  const text = await readFile(recordFile(name), 'utf8').catch(() => undefined);
  return text ? (JSON.parse(text) as ProcessRecord) : undefined;
}

/** True when `name` was started once and not stopped since; that it runs is another matter. */
export function isWanted(name: ProcessName): boolean {
  return existsSync(recordFile(name));
}

/** Asks the process to end, and makes it end when it has not after `patienceSeconds`. Returns false when it was not running. */
export async function stop(name: ProcessName, patienceSeconds: number): Promise<boolean> {
  const record = await running(name);
  if (record) process.kill(record.pid, 'SIGTERM');
  for (let waited = 0; record && (await isAlive(record)); waited += 0.1) {
    if (waited >= patienceSeconds) process.kill(record.pid, 'SIGKILL');
    await sleep(100);
  }
  // Last, so that one who is killed in the middle leaves no process that nobody knows.
  await rm(recordFile(name), { force: true });
  return record !== undefined;
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
