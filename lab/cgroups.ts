import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/**
 * Makes the control group `path` in every hierarchy and returns their folders. What is started in them is found again by `processesIn`,
 * even when the process that started it is gone. Hosts need cgroup v1 as they are launched here: a machine with v2 alone is refused.
 */
export async function makeCgroups(path: string): Promise<string[]> {
  if (existsSync(join(cgroupRoot, 'cgroup.controllers'))) {
    throw new Error(`the lab needs the cgroup v1 hierarchies below ${cgroupRoot}, but this machine has only v2`);
  }
  const folders = hierarchies.map((hierarchy) => join(cgroupRoot, hierarchy, path));
  for (const folder of folders) await mkdir(folder, { recursive: true });
  await inheritCpuset(join(cgroupRoot, 'cpuset', path));
  return folders;
}

/** The control group of a lab; each host has one in it. */
export function labCgroup(prefix: string): string {
  return join('temper-lab', prefix);
}

/** The control groups directly in `path`. */
export async function groupsIn(path: string): Promise<string[]> {
  const entries = await readdir(join(cgroupRoot, 'systemd', path), { withFileTypes: true }).catch(ignoreMissing);
  return (entries ?? []).filter((entry) => entry.isDirectory()).map((entry) => join(path, entry.name));
}

/** Ids of all processes in `path` and below it. */
export async function processesIn(path: string): Promise<number[]> {
  const found: number[] = [];
  for (const folder of await foldersBelow(join(cgroupRoot, 'systemd', path))) found.push(...(await members(folder)));
  return found;
}

/** The id, on this machine, of the host's systemd: nspawn and systemd put it there early in its boot. */
export async function initProcess(path: string): Promise<number | undefined> {
  return (await members(join(cgroupRoot, 'systemd', path, 'payload/init.scope')))[0];
}

/** Waits until no process is left in `path`, and ends those that are still there after `patienceMilliseconds`. */
export async function emptied(path: string, patienceMilliseconds: number): Promise<void> {
  for (let waited = 0; ; waited += 50) {
    const left = await processesIn(path);
    if (left.length === 0) return;
    if (waited >= patienceMilliseconds) for (const id of left) endProcess(id);
    await setTimeout(50);
  }
}

/** Removes `path` from every hierarchy, with all that is left below it. No process may be in it any more. */
export async function removeCgroups(path: string): Promise<void> {
  for (const hierarchy of hierarchies) {
    for (const folder of await foldersBelow(join(cgroupRoot, hierarchy, path))) await removeWhenFree(folder);
  }
}

/** Control groups that a host must not find read-only; `systemd` is its own already. */
export const controllers = ['cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'freezer', 'blkio', 'pids'];

const cgroupRoot = '/sys/fs/cgroup';
const hierarchies = [...controllers, 'systemd', 'unified'];

/** One that ended by itself in the meantime is fine. */
function endProcess(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A new cpuset has no processor and no memory, and nothing can be started in it. */
async function inheritCpuset(folder: string): Promise<void> {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    if ((await readFile(join(folder, file), 'utf8')).trim()) continue;
    if (!(await readFile(join(dirname(folder), file), 'utf8')).trim()) await inheritCpuset(dirname(folder));
    await writeFile(join(folder, file), await readFile(join(dirname(folder), file)));
  }
}

/** Deepest first. */
async function foldersBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(ignoreMissing);
  if (!entries) return [];
  const below: string[] = [];
  for (const entry of entries) if (entry.isDirectory()) below.push(...(await foldersBelow(join(folder, entry.name))));
  return [...below, folder];
}

async function members(folder: string): Promise<number[]> {
  const text = await readFile(join(folder, 'cgroup.procs'), 'utf8').catch(ignoreMissing);
  return (text ?? '').split('\n').filter(Boolean).map(Number);
}

/** The kernel calls a group busy for a moment after its last process has ended. */
async function removeWhenFree(folder: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rmdir(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY' || attempt === 50) throw error;
      await setTimeout(100);
    }
  }
}

/** ENODEV: the group was removed between our opening and our reading it. */
function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENODEV') throw error;
}
