import { rm } from 'node:fs/promises';

import { withLock } from '../bundle/cache.js';
import { emptied, groupsIn, labCgroup, removeCgroups } from './cgroups.js';
import { removeNetwork } from './network.js';
import { forgetMachines, powerCut } from './power.js';
import { labFolder } from './state.js';

/** Takes a lab down and leaves nothing of it, from whatever state it is in; no lab at all is fine. */
export async function stopLab(prefix: string): Promise<void> {
  await withLock(labLock(prefix), () => removeLab(prefix));
}

/** What `stopLab` does, for who holds the lock. It asks the kernel what is there, not the lab's own notes, which may be lost. */
export async function removeLab(prefix: string): Promise<void> {
  const cgroup = labCgroup(prefix);
  for (const host of await groupsIn(cgroup)) await powerCut({ cgroup: host });
  await emptied(cgroup, 0);
  await removeCgroups(cgroup);
  await forgetMachines(`${prefix}.`);
  await removeNetwork(prefix);
  await rm(labFolder(prefix), { recursive: true, force: true });
}

/** Held while a lab is started or stopped. */
export function labLock(prefix: string): string {
  return `lab-${prefix}.lock`;
}
