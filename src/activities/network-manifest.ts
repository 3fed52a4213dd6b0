import { readFile } from 'node:fs/promises';
import { paths } from '../cluster/paths.js';
import type { FactReaders } from './facts/facts.js';

export interface BundledManifest {
  /** Folder of the bundle on the worker's disk. */
  bundle: string;
  /** Path in the bundle. */
  manifest: string;
}

/** Text of a manifest: the host's copy, which was checked when it arrived; before that, in a plan, the worker's. */
export async function readManifest(facts: FactReaders, { bundle, manifest }: BundledManifest): Promise<string> {
  return (await facts.text(`${paths.bundle}/${manifest}`)) ?? (await readFile(`${bundle}/${manifest}`, 'utf8'));
}
