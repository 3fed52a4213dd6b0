import { createHash } from 'node:crypto';
import type { FileChange } from './changes/change.js';
import type { FactReaders, FileFact } from './facts/facts.js';

/** What stands on the host at the paths of files that a step keeps. */
export type FileFacts = Record<string, FileFact | undefined>;

export function keptFile(path: string, content: string, mode = '0644'): FileChange {
  return { kind: 'file', path, mode, content };
}

export async function readFiles(facts: FactReaders, wanted: { path: string }[]): Promise<FileFacts> {
  return Object.fromEntries(await Promise.all(wanted.map(async ({ path }) => [path, await facts.file(path)])));
}

/** Those of the wanted files that are missing or differ in content, mode or owner. */
export function differingFiles(wanted: FileChange[], facts: FileFacts): FileChange[] {
  return wanted.filter(({ path, mode, content }) => {
    const fact = facts[path];
    const isEqual =
      fact?.type === 'file' &&
      fact.mode === mode &&
      fact.owner === 'root' &&
      fact.group === 'root' &&
      fact.sha256 === sha256(content);
    return !isEqual;
  });
}

/** Of what a process reads at its start: it has to be started again when this is another. */
export function inputsDigest(files: FileChange[]): string {
  return sha256(JSON.stringify(files.map(({ path, content }) => [path, content]).sort()));
}

export function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}
