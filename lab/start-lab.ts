import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { withLock } from '../bundle/cache.js';
import { baseImage } from './base-image.js';
import { labCgroup, processesIn } from './cgroups.js';
import { runOrThrow } from './command.js';
import { Lab } from './lab.js';
import type { HostOptions } from './lab.js';
import { makeNetwork } from './network.js';
import { isAlive, labFolder, readState, thisProcess, writeState } from './state.js';
import { labLock, removeLab } from './stop-lab.js';

/**
 * Boots throw-away hosts on this machine and returns when they can be logged in to. A prefix is one lab: two run side by side, the same one
 * is refused while its hosts run, and what a killed run left under it is cleaned first.
 */
export async function startLab(options: LabOptions): Promise<Lab> {
  const { prefix, say = () => {} } = options;
  if (!/^[a-z][a-z0-9-]{0,19}$/.test(prefix))
    throw new Error(`lab ${prefix}: a name has up to 20 letters, digits and dashes`);
  const image = await baseImage(say);
  return withLock(labLock(prefix), async () => {
    const left = await readState(prefix);
    if ((await processesIn(labCgroup(prefix))).length > 0 && (!left?.owner || (await isAlive(left.owner)))) {
      throw new Error(`lab ${prefix} is up already; take it down first`);
    }
    await removeLab(prefix);
    const folder = labFolder(prefix);
    await mkdir(join(folder, 'hosts'), { recursive: true });
    const lab = new Lab({ prefix, folder, baseImage: image, hosts: [], owner: await thisProcess() });
    try {
      await writeState(lab.state);
      await raiseMachineLimits();
      await runOrThrow(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', `lab-${prefix}`, '-f', lab.identityFile]);
      await makeNetwork(prefix);
      await lab.addHosts(options.hosts);
      if (options.keep) lab.state.owner = undefined;
      await writeState(lab.state);
    } catch (error) {
      await removeLab(prefix);
      throw error;
    }
    return lab;
  });
}

/** Inotify instances are counted for the whole machine: with some hosts up, the default leaves kubelet and kube-proxy without any. */
async function raiseMachineLimits(): Promise<void> {
  const limit = '/proc/sys/fs/inotify/max_user_instances';
  if (Number(await readFile(limit, 'utf8')) < 8192) await writeFile(limit, '8192');
}

/** A lab that was started before, maybe by another process. */
export async function openLab(prefix: string): Promise<Lab> {
  const state = await readState(prefix);
  if (!state) throw new Error(`there is no lab ${prefix}`);
  return new Lab(state);
}

export interface LabOptions {
  prefix: string;
  hosts: HostOptions[];
  /** Let the lab live on when this process ends. Default: a lab whose process is gone may be cleaned by the next one. */
  keep?: boolean;
  say?: (line: string) => void;
}
