import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { TemperError } from '../cluster/errors.js';
import { parseCluster } from '../cluster/parse.js';
import type { ClusterSpec } from '../cluster/spec.js';
import { formatFinding } from '../cluster/yaml-source.js';
import { note } from './print.js';

const usualFile = 'cluster.yaml';

/** Reads and checks `file`. Throws SPEC_INVALID when it cannot be read at all. */
export async function readCluster(file = usualFile): Promise<ReturnType<typeof parseCluster>> {
  const content = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    const hint = 'temper init > cluster.yaml makes one to start from';
    const why = reasons[cause.code!] ?? `cannot be read (${cause.code})`;
    throw new TemperError('SPEC_INVALID', `${file}: ${why}`, { hint, cause });
  });
  return parseCluster(content, { name: file, folder: dirname(resolve(file)), home: homedir() });
}

const reasons: Record<string, string> = {
  EACCES: 'may not be read by you',
  EISDIR: 'is a folder',
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
};

/** The spec in `file`; warnings go to standard error. Throws SPEC_INVALID with every error in it. */
export async function readSpec(file?: string): Promise<ClusterSpec> {
  const { spec, lines } = await readValid(file);
  for (const line of lines) note(line);
  return spec;
}

async function readValid(file?: string): Promise<{ spec: ClusterSpec; lines: string[] }> {
  const { spec, findings } = await readCluster(file);
  const lines = findings.map(formatFinding);
  if (!spec) throw new TemperError('SPEC_INVALID', lines.join('\n'));
  return { spec, lines };
}

/** Commands that follow a run take the cluster's file or its name; without either, ./cluster.yaml. */
export async function clusterName(fileOrName = usualFile): Promise<string> {
  const isFile = statSync(fileOrName, { throwIfNoEntry: false })?.isFile() ?? false;
  const isName = !isFile && /^[a-z0-9-]+$/.test(fileOrName);
  return isName ? fileOrName : (await readValid(fileOrName)).spec.name;
}
