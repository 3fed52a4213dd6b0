import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from '../../src/activities/changes/change.js';
import { applyChanges } from '../../src/activities/changes/index.js';
import type { Writer } from '../../src/activities/changes/writer.js';
import { createFacts, createPresent } from '../../src/activities/facts/create-facts.js';
import type { Ask } from '../../src/activities/facts/question.js';
import type { HostView, Step } from '../../src/activities/step.js';
import { steps } from '../../src/activities/steps/index.js';
import type { Cluster, HostRecord } from '../../src/cluster/cluster.js';
import type { RunbookEntry } from '../../src/workflows/runbook/entry.js';
import { entriesOf } from '../../src/workflows/runbook/phases.js';
import { temporaryFolder } from '../temporary-folder.js';

/** A folder that stands for a host's root, with the folders that packages and earlier steps have made. */
export function hostRoot(): string {
  const root = temporaryFolder('parity');
  for (const folder of ['etc/kubernetes/manifests', 'var/lib/kubelet', 'etc/temper']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  return root;
}

/**
 * Runs every step of the control plane with the real readers and writers on a folder that stands for the host's root. Changes to files are
 * made; those that need a running system are only returned.
 */
export async function bootstrapIn(root: string, cluster: Cluster, host: HostRecord): Promise<Change[]> {
  const entries = (['start-control-plane', 'install-addons'] as const).flatMap((phase) =>
    entriesOf(phase, cluster, host),
  );
  const changes: Change[] = [];
  // kubelet.conf gets its last form from a kubelet that runs.
  for (const entry of entries.filter(({ step }) => step !== 'finalizeKubelet')) {
    changes.push(...(await runStepIn(root, entry, cluster, host)));
  }
  return changes;
}

/** The same with one step. */
export async function runStepIn(
  root: string,
  { step: name, input }: RunbookEntry,
  cluster: Cluster,
  host: HostRecord,
): Promise<Change[]> {
  const step = steps[name] as Step<unknown, unknown>;
  const given = input(cluster, host);
  const changes = step.plan(given, await step.read(viewOf(root), given));
  await applyChanges(writerOf(root), changes.filter(isLocal), () => {});
  return changes;
}

const localKinds = ['file', 'directory', 'absent', 'certificate', 'keyPair', 'kubeconfig', 'command'];

function isLocal(change: Change): boolean {
  return localKinds.includes(change.kind) && !(change.kind === 'command' && change.script.includes('kubectl'));
}

function viewOf(root: string): HostView {
  const ask = asker(root);
  return {
    name: 'our-host',
    facts: createFacts(ask),
    now: createPresent(ask),
    ask: (script, ...args) => ask(script, { args }),
    until: async () => {},
    elsewhere: (other) => Promise.reject(new Error(`there is no ${other.name}`)),
  };
}

function writerOf(root: string): Writer {
  const ask = asker(root);
  return {
    host: 'our-host',
    ask,
    until: async () => {},
    write: async (what, script, options) => {
      const received = `set -eu; in=$(mktemp); trap 'rm -f "$in"' EXIT; cat >"$in"; umask 022; exec <"$in"\n`;
      const { code, stdout, stderr } = run(root, received + script, options?.args, options?.stdin as string | Buffer);
      if (code !== 0) throw new Error(`${what}: ${stderr}`);
      return stdout;
    },
    long: () => Promise.reject(new Error('nothing here takes long')),
    knock: async () => {},
    elsewhere: (other) => Promise.reject(new Error(`there is no ${other.name}`)),
  };
}

function asker(root: string): Ask {
  return async (script, options) => {
    const stdin = options?.stdin === undefined ? undefined : inRoot(root, String(options.stdin));
    const { stdout, ...result } = run(root, script, options?.args, stdin);
    return { ...result, stdout: stdout.replaceAll(root, '') };
  };
}

function run(root: string, script: string, args: readonly string[] = [], stdin: string | Buffer = '') {
  const mapped = [script, 'sh', ...args].map((text) => inRoot(root, text));
  const { status, stdout, stderr } = spawnSync('sh', ['-c', ...mapped], { input: stdin });
  return { code: status ?? 255, stdout: stdout.toString(), stderr: stderr.toString() };
}

/** The host's paths, and not what only ends like one. */
function inRoot(root: string, text: string): string {
  return text.replaceAll(/(?<![\w/.-])\/(?=(?:etc|var)\/)/g, `${root}/`);
}
