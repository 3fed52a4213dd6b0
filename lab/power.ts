import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { controllers, emptied, initProcess, makeCgroups, processesIn, removeCgroups } from './cgroups.js';
import { run, runOrThrow } from './command.js';
import type { CommandResult } from './command.js';
import { plainFolderName, plainFolders } from './disk.js';
import { forgetKernelState } from './network.js';

/** One host as the machine sees it: a systemd in its own namespaces, over the base image. */
export interface Machine {
  name: string;
  /** Unique on this machine, also between labs. */
  machineName: string;
  cgroup: string;
  networkNamespace: string;
  /** Holds the disk. */
  folder: string;
  baseImage: string;
}

/** Boots the host from its disk and waits until its systemd has started everything and sshd listens. */
export async function powerOn(machine: Machine): Promise<void> {
  // A host that was shut down from within has left its own control groups there.
  await removeCgroups(machine.cgroup);
  await forgetKernelState(machine.networkNamespace);
  const cgroups = await makeCgroups(machine.cgroup);
  const console = await open(`${machine.folder}.console`, 'a');
  // The overlay is mounted in a mount namespace of its own, so it is gone when the host is.
  const launcher = spawn(
    'unshare',
    [
      '--mount',
      '--propagation=private',
      'sh',
      '-euc',
      launch,
      machine.folder,
      machine.baseImage,
      String(cgroups.length),
      ...cgroups,
      ...nspawn(machine),
    ],
    { detached: true, stdio: ['ignore', console.fd, console.fd], env: { ...process.env, ...nspawnEnvironment } },
  );
  await once(launcher, 'spawn');
  launcher.unref();
  await console.close();
  await booted(machine, launcher);
}

/** Ends the host as a power cut does: its whole process namespace dies in one instant, and nothing is written any more. */
export async function powerCut(machine: Pick<Machine, 'cgroup'>): Promise<void> {
  const init = await initProcess(machine.cgroup);
  if (init) process.kill(init, 'SIGKILL');
  // nspawn ends by itself when its host has died. Where no host has come up, nothing is waited for.
  await emptied(machine.cgroup, init ? 5000 : 0);
  await removeCgroups(machine.cgroup);
}

/** Removes what nspawn leaves behind for machines whose name begins so. */
export async function forgetMachines(nameStart: string): Promise<void> {
  const folder = '/run/systemd/nspawn/propagate';
  if (!existsSync(folder)) return;
  for (const name of await readdir(folder))
    if (name.startsWith(nameStart)) await rm(join(folder, name), { recursive: true });
}

export async function isOn(machine: Machine): Promise<boolean> {
  return (await processesIn(machine.cgroup)).length > 0;
}

/** Runs a command as root on the host, through its namespaces instead of SSH; a string is given to `sh -c`. */
export async function execOn(
  machine: Machine,
  command: string | string[],
  { input, timeoutSeconds }: ExecOptions = {},
): Promise<CommandResult> {
  const argv = typeof command === 'string' ? ['sh', '-c', command] : command;
  // Counted on the host: nsenter's end is not the end of what it started in another process namespace.
  const limit = timeoutSeconds ? ['timeout', '--kill-after=1', String(timeoutSeconds)] : [];
  return run([...(await enter(machine)), ...limit, ...argv], { input });
}

export interface ExecOptions {
  input?: string;
  /** After that the command is ended and `code` is 124. Default: no limit. */
  timeoutSeconds?: number;
}

/** Arguments: disk, base image, number of control groups, the control groups, and the command that boots. */
const launch = `
base=$1 count=$2; shift 2
while [ "$count" -gt 0 ]; do echo $$ > "$1/cgroup.procs"; shift; count=$((count - 1)); done
mount -t overlay overlay -o "lowerdir=$base,upperdir=$0/written,workdir=$0/work" "$0/root"
exec "$@"`;

const nspawnEnvironment = {
  SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '0',
  SYSTEMD_NSPAWN_API_VFS_WRITABLE: 'yes',
  SYSTEMD_NSPAWN_TMPFS_TMP: '0',
};

function nspawn(machine: Machine): string[] {
  return [
    'systemd-nspawn',
    '--quiet',
    `--directory=${machine.folder}/root`,
    `--machine=${machine.machineName}`,
    `--hostname=${machine.name}`,
    '--register=no',
    '--keep-unit',
    '--capability=all',
    '--system-call-filter=@known',
    `--network-namespace-path=/run/netns/${machine.networkNamespace}`,
    ...plainFolders.map((path) => `--bind=${join(machine.folder, plainFolderName(path))}:${path}`),
    '--bind=/dev/kmsg',
    '--bind=/dev/fuse',
    '--resolv-conf=off',
    '--timezone=off',
    '--link-journal=no',
    '--console=passive',
    '--boot',
  ];
}

/** Waits at most five minutes, which is enough on a machine that compiles beside. */
async function booted(machine: Machine, launcher: ChildProcess): Promise<void> {
  const deadline = Date.now() + 300_000;
  const refuse = (seen: string) => {
    const ended = launcher.exitCode ?? launcher.signalCode;
    if (ended === null && Date.now() < deadline) return;
    throw new Error(`${machine.name} does not boot (${ended ?? seen}): see ${machine.folder}.console`);
  };
  while (!(await initProcess(machine.cgroup))) {
    refuse('no systemd');
    await setTimeout(50);
  }
  const remount = controllers.map((name) => `mount -o remount,rw,bind /sys/fs/cgroup/${name}`).join('\n');
  await runOrThrow([...(await enter(machine)), 'sh', '-euc', remount]);
  for (;;) {
    // Without a time limit, one call that misses the end of the boot would wait for ever.
    const state = await execOn(machine, 'systemctl is-system-running --wait', { timeoutSeconds: 10 });
    if (/running|degraded/.test(state.stdout)) return;
    refuse(state.stdout.trim() || state.stderr.trim());
    await setTimeout(100);
  }
}

async function enter(machine: Machine): Promise<string[]> {
  const init = await initProcess(machine.cgroup);
  if (!init) throw new Error(`${machine.name} is off`);
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  return ['nsenter', `--target=${init}`, '--all', '--', 'env', '-i', `PATH=${path}`, 'HOME=/root', 'LANG=C.UTF-8'];
}
