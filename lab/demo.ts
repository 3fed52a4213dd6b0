import { spawn } from 'node:child_process';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Command, InvalidArgumentError } from 'commander';
import { parse } from 'yaml';

import { projectFolder } from '../bundle/project-folder.js';
import { clusterYaml, rolesFor } from './cluster-yaml.js';
import type { ClusterSize } from './cluster-yaml.js';
import type { Lab } from './lab.js';
import { prepare } from './prepare.js';
import { openLab, startLab } from './start-lab.js';
import { labFolder, readState } from './state.js';
import { stopLab } from './stop-lab.js';

/** `npm run demo`: a real cluster on throw-away hosts, from nothing to `kubectl get nodes`. */
const prefix = 'demo';
const folder = labFolder(prefix);
const spec = join(folder, 'cluster.yaml');
/** Beside the lab's own folder, because the lab cleans that one when it boots. */
const stateFolder = `${folder}.temper`;
const temperProgram = join(projectFolder, 'dist/src/cli/main.js');

const program = new Command('demo')
  .description(
    'Bootstraps a real cluster on this machine. Run again with greater numbers, it adds hosts to the cluster that stands.',
  )
  .option('--control-planes <number>', 'control planes: cp1, cp2, …; 2 GiB each', count(1), 1)
  .option('--workers <number>', 'worker nodes: w1, w2, …; 1 GiB each', count(0), 0)
  .option('--down', 'leave nothing behind')
  .action(async ({ down, ...size }: ClusterSize & { down?: boolean }) => (down ? takeDown() : bringUp(size)));
await program.parseAsync();

async function bringUp(size: ClusterSize): Promise<void> {
  const begun = Date.now();
  const before = await rolesSoFar();
  if (controlPlanesOf(before).length === 1 && size.controlPlanes > 1) {
    say(
      'the demo that stands has one control plane and no virtual IP for more: npm run demo -- --down, then this again',
    );
    process.exitCode = 2;
    return;
  }
  const { bundle } = await prepare(say);
  // What stands keeps its roles; the hosts that are new come behind.
  const roles = { ...rolesFor(size), ...before };
  const lab = await demoLab(Object.keys(roles));
  await writeFile(spec, clusterYaml(lab, { bundle, roles }));
  const controlPlanes = controlPlanesOf(roles);
  const commands = await writeCommands(lab, controlPlanes);
  const code = await run([commands.temper, 'bootstrap', spec, '--yes']);
  if (code !== 0) {
    process.exitCode = code;
    return;
  }
  console.log('\n$ kubectl get nodes,pods -A -o wide');
  await run([commands.kubectl, 'get', 'nodes,pods', '-A', '-o', 'wide']);
  const last = Object.keys(roles).at(-1)!;
  console.log(`
The cluster stands after ${Math.round((Date.now() - begun) / 1000)} s. Look around:
  ${commands.kubectl} get nodes,pods -A
  ${commands.temper} status ${prefix}            what was done, step by step
  ${commands.temper} ui ${prefix}                the same in Temporal's Web UI
  ${commands.temper} plan ${spec}
  ${commands.ssh} ${last}                       a host itself
Break it:  ${commands.lab} power-cut ${last}    (and power-on, network-cut, network-mend, reset)
Run it again: npm run demo            (what is missing is done; a finished cluster takes seconds)
Add a host:   npm run demo -- --workers ${Object.keys(roles).length - controlPlanes.length + 1}
Tear it down: npm run demo -- --down`);
}

async function takeDown(): Promise<void> {
  await run([process.execPath, temperProgram, 'down'], { TEMPER_STATE: stateFolder });
  await stopLab(prefix);
  await rm(stateFolder, { recursive: true, force: true });
  say('the demo is gone; what was built stays in the cache for the next time');
}

/** Of the cluster.yaml that an earlier run has written for hosts that are still there. */
async function rolesSoFar(): Promise<Record<string, string[]>> {
  if (!(await keptLab())) return {};
  const text = await readFile(spec, 'utf8').catch(ignoreMissing);
  const { hosts } = (parse(text ?? 'spec: {hosts: []}') as SpecSoFar).spec;
  return Object.fromEntries(hosts.map(({ name, roles }) => [name, roles]));
}

function controlPlanesOf(roles: Record<string, string[]>): string[] {
  return Object.keys(roles).filter((name) => roles[name]!.includes('control-plane'));
}

interface SpecSoFar {
  spec: { hosts: { name: string; roles: string[] }[] };
}

async function demoLab(names: string[]): Promise<Lab> {
  const lab = await keptLab();
  if (!lab) {
    say(`booting ${names.join(', ')}: systemd, sshd, firewalld`);
    return startLab({ prefix, hosts: names.map((name) => ({ name })), keep: true, say });
  }
  for (const { name } of lab.hosts) {
    if (await lab.isOn(name)) continue;
    say(`${name} was off; it is switched on again`);
    await lab.powerOn(name);
  }
  const added = names.filter((name) => !lab.hosts.some((host) => host.name === name));
  say(added.length ? `booting ${added.join(', ')} beside those that are up` : `${names.join(', ')}: up already`);
  await lab.addHosts(added.map((name) => ({ name })));
  return lab;
}

/** While a lab boots it has an owner; one that was killed then is cleaned and started anew. */
async function keptLab(): Promise<Lab | undefined> {
  const state = await readState(prefix);
  return state && !state.owner ? openLab(prefix) : undefined;
}

/** Small scripts, so that everything the demo prints can be typed as it stands, from anywhere. */
async function writeCommands(
  lab: Lab,
  controlPlanes: string[],
): Promise<Record<'temper' | 'kubectl' | 'ssh' | 'lab', string>> {
  const logins = lab.hosts.map(
    ({ name }) => `  ${name}) shift; exec ssh ${lab.sshArguments(name).map(quote).join(' ')} "$@" ;;`,
  );
  const ssh = await script(
    'ssh',
    `case $1 in\n${logins.join('\n')}\n  *) echo "usage: $0 HOST [COMMAND...]" >&2; exit 2 ;;\nesac`,
  );
  // A control plane that is off is passed over.
  const kubectl = `for host in ${controlPlanes.join(' ')}; do
  timeout 5 ${quote(ssh)} "$host" true </dev/null 2>/dev/null || continue
  exec ${quote(ssh)} "$host" kubectl --kubeconfig=/etc/kubernetes/admin.conf "$@"
done
echo 'no control plane can be logged in to' >&2; exit 1`;
  return {
    ssh,
    kubectl: await script('kubectl', kubectl),
    temper: await script('temper', `TEMPER_STATE=${quote(stateFolder)} exec node ${quote(temperProgram)} "$@"`),
    lab: await script('lab', `exec node ${quote(join(projectFolder, 'dist/lab/main.js'))} --lab ${prefix} "$@"`),
  };
}

async function script(name: string, lines: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${lines}\n`);
  await chmod(path, 0o755);
  return path;
}

function count(least: number): (text: string) => number {
  return (text) => {
    if (/^\d{1,2}$/.test(text) && Number(text) >= least) return Number(text);
    throw new InvalidArgumentError(`a number from ${least} to 99 is wanted`);
  };
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function run([program, ...args]: string[], environment: NodeJS.ProcessEnv = {}): Promise<number> {
  const child = spawn(program!, args, { stdio: 'inherit', env: { ...process.env, ...environment } });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function say(line: string): void {
  console.log(`· ${line}`);
}
