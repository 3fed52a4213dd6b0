import { statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { TemperError } from '../cluster/errors.js';
import { parseCluster } from '../cluster/parse.js';
import type { ClusterSpec } from '../cluster/spec.js';
import { formatFinding } from '../cluster/yaml-source.js';

const usualFile = 'cluster.yaml';

/** Reads and checks `file`. Throws SPEC_INVALID when it cannot be read at all. */
export async function readCluster(file = usualFile): Promise<ReturnType<typeof parseCluster>> {
  const content = await readRegularFile(file);
  return parseCluster(content, { name: file, folder: dirname(resolve(file)), home: homedir() });
}

/** What is no regular file may never end, or never begin. */
async function readRegularFile(file: string): Promise<Buffer> {
  const fail = (why: string, cause?: Error): never => {
    const hint = 'temper init > cluster.yaml makes one to start from';
    throw new TemperError('SPEC_INVALID', `${file}: ${why}`, { hint, cause });
  };
  const failed = (cause: NodeJS.ErrnoException) =>
    fail(reasons[cause.code!] ?? `cannot be read (${cause.code})`, cause);
  const found = await stat(file).catch(failed);
  if (found.isDirectory()) fail('is a folder');
  if (!found.isFile()) fail('is a pipe, a socket or a device; write it to a file first');
  return readFile(file).catch(failed);
}

const reasons: Record<string, string> = {
  EACCES: 'may not be read by you',
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
};

/** The spec in `file`. Throws SPEC_INVALID with every error in it. */
export async function readSpec(file?: string): Promise<ClusterSpec> {
  const { spec, findings } = await readCluster(file);
  if (spec) return spec;
  throw new TemperError('SPEC_INVALID', findings.map(formatFinding).join('\n'));
}

/** Commands that follow a run take the cluster's file or its name; without either, ./cluster.yaml. */
export async function clusterName(fileOrName = usualFile): Promise<string> {
  const isFile = statSync(fileOrName, { throwIfNoEntry: false })?.isFile() ?? false;
  const isName = !isFile && /^[a-z0-9-]+$/.test(fileOrName);
  return isName ? fileOrName : (await readSpec(fileOrName)).name;
}
