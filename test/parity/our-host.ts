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
import { entriesOf, type PhaseName } from '../../src/workflows/runbook/phases.js';
import { temporaryFolder } from '../temporary-folder.js';

/** A folder that stands for a host's root, with the folders that packages and earlier steps have made. */
export function hostRoot(): string {
  const root = temporaryFolder('parity');
  for (const folder of ['etc/kubernetes/manifests', 'var/lib/kubelet', 'etc/temper']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  return root;
}

/** The folder that stands for each host's root, by the host's name. */
export type Roots = Record<string, string>;

/** Runs every step of the first control plane, `host`. */
export function bootstrapIn(roots: Roots, cluster: Cluster, host: HostRecord): Promise<Change[]> {
  return runPhasesIn(roots, ['start-control-plane', 'complete-control-plane', 'install-addons'], cluster, host);
}

/**
 * Runs the steps of `phases` with the real readers and writers on a folder that stands for the host's root. Changes to files are made; those that
 * need a running system are only returned.
 */
export async function runPhasesIn(
  roots: Roots,
  phases: PhaseName[],
  cluster: Cluster,
  host: HostRecord,
): Promise<Change[]> {
  const entries = phases.flatMap((phase) => entriesOf(phase, cluster, host));
  const changes: Change[] = [];
  for (const entry of entries.filter(({ step }) => !needKubelet.includes(step))) {
    changes.push(...(await runStepIn(roots, entry, cluster, host)));
  }
  return changes;
}

/** What they do is done once a running kubelet has got its certificate. */
const needKubelet = ['finalizeKubelet', 'removeJoinToken'];

/** The same with one step. */
export async function runStepIn(
  roots: Roots,
  { step: name, input }: RunbookEntry,
  cluster: Cluster,
  host: HostRecord,
): Promise<Change[]> {
  const step = steps[name] as Step<unknown, unknown>;
  const given = input(cluster, host);
  const changes = step.plan(given, await step.read(viewOf(roots, host.name), given));
  await applyChanges(writerOf(roots, host.name), changes.filter(isLocal), () => {});
  return changes;
}

const localKinds = [
  ...['file', 'directory', 'absent', 'certificate', 'keyPair', 'kubeconfig', 'command'],
  ...['copy', 'bootstrapKubeconfig', 'etcdManifest'],
];

function isLocal(change: Change): boolean {
  return localKinds.includes(change.kind) && !(change.kind === 'command' && change.script.includes('kubectl'));
}

function viewOf(roots: Roots, name: string): HostView {
  const ask = asker(roots[name]!);
  return {
    name,
    facts: createFacts(ask),
    now: createPresent(ask),
    ask: (script, ...args) => ask(script, { args }),
    until: async () => {},
    elsewhere: async (other) => viewOf(roots, other.name),
  };
}

/** No API server is there to be written to: what is sent to one is lost. */
function writerOf(roots: Roots, name: string): Writer {
  const root = roots[name]!;
  const ask = asker(root);
  return {
    host: name,
    ask: async (script, options) =>
      script.includes('kubectl') ? { code: 0, stdout: '', stderr: '' } : ask(script, options),
    until: async () => {},
    write: async (what, script, options) => {
      if (script.includes('kubectl')) return '';
      const received = `set -eu; in=$(mktemp); trap 'rm -f "$in"' EXIT; cat >"$in"; umask 022; exec <"$in"\n`;
      const { code, stdout, stderr } = run(root, received + script, options?.args, options?.stdin as string | Buffer);
      if (code !== 0) throw new Error(`${what}: ${stderr}`);
      return stdout;
    },
    long: () => Promise.reject(new Error('nothing here takes long')),
    knock: async () => {},
    elsewhere: async (other) => writerOf(roots, other.name),
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
  const env = { ...process.env, PATH: `${root}/bin:${process.env.PATH}` };
  const { status, stdout, stderr } = spawnSync('sh', ['-c', ...mapped], { input: stdin, env });
  return { code: status ?? 255, stdout: stdout.toString(), stderr: stderr.toString() };
}

/** The host's paths, and not what only ends like one. */
function inRoot(root: string, text: string): string {
  return text.replaceAll(/(?<![\w/.-])\/(?=(?:etc|var)\/)/g, `${root}/`);
}
