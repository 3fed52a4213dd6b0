import { existsSync } from 'node:fs';
import { readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { cacheRoot } from '../bundle/cache.js';
import type { NetworkName } from './network.js';

/** All that is needed to find a lab again, in `state.json` of its folder. */
export interface LabState {
  prefix: string;
  folder: string;
  baseImage: string;
  hosts: HostState[];
  /** The process that must live for the lab to be wanted; none for a lab that stays until it is taken down. */
  owner?: ProcessIdentity;
}

export interface HostState {
  name: string;
  /** Ends its addresses. */
  number: number;
  /** Of eth0, eth1 and so on. */
  networks: NetworkName[];
}

/** An id alone may be another process by now. */
export interface ProcessIdentity {
  id: number;
  startTime: string;
}

/** `$TEMPER_LAB_ROOT`, else `labs` in the cache. */
export function labRoot(): string {
  return process.env.TEMPER_LAB_ROOT ?? join(cacheRoot(), 'labs');
}

export function labFolder(prefix: string): string {
  return join(labRoot(), prefix);
}

/** The prefixes of all labs that have a folder, whether their hosts run or not. */
export async function labPrefixes(): Promise<string[]> {
  const names = (await readdir(labRoot()).catch(ignoreMissing)) ?? [];
  return names.filter((name) => existsSync(join(labRoot(), name, 'state.json')));
}

export async function readState(prefix: string): Promise<LabState | undefined> {
  const text = await readFile(join(labFolder(prefix), 'state.json'), 'utf8').catch(ignoreMissing);
  return text === undefined ? undefined : (JSON.parse(text) as LabState);
}

export async function writeState(state: LabState): Promise<void> {
  const path = join(state.folder, 'state.json');
  await writeFile(`${path}.new`, `${JSON.stringify(state, null, 2)}\n`);
  await rename(`${path}.new`, path);
}

export async function thisProcess(): Promise<ProcessIdentity> {
  return { id: process.pid, startTime: (await startTime(process.pid)) ?? '' };
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await startTime(identity.id)) === identity.startTime;
}

/** Field 22 of proc(5) stat; the second one, the command, is in brackets and may hold anything. */
async function startTime(id: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(ignoreMissing);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
