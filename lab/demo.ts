import { spawn } from 'node:child_process';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Command } from 'commander';

import { projectFolder } from '../bundle/project-folder.js';
import { clusterYaml } from './cluster-yaml.js';
import type { Lab } from './lab.js';
import { prepare } from './prepare.js';
import { openLab, startLab } from './start-lab.js';
import { labFolder, readState } from './state.js';
import { stopLab } from './stop-lab.js';

/** `npm run demo`: a real cluster on one throw-away host, from nothing to `kubectl get nodes`. */
const prefix = 'demo';
const host = 'cp1';
const folder = labFolder(prefix);
/** Beside the lab's own folder, because the lab cleans that one when it boots. */
const stateFolder = `${folder}.temper`;
const temperProgram = join(projectFolder, 'dist/src/cli/main.js');

const program = new Command('demo')
  .description('Bootstraps a real single-host cluster on this machine.')
  .option('--down', 'leave nothing behind')
  .action(async ({ down }: { down?: boolean }) => (down ? takeDown() : bringUp()));
await program.parseAsync();

async function bringUp(): Promise<void> {
  const begun = Date.now();
  const { bundle } = await prepare(say);
  const lab = await demoLab();
  const spec = join(folder, 'cluster.yaml');
  await writeFile(spec, clusterYaml(lab, { bundle }));
  const commands = await writeCommands(lab);
  const code = await run([commands.temper, 'bootstrap', spec, '--yes']);
  if (code !== 0) {
    process.exitCode = code;
    return;
  }
  console.log('\n$ kubectl get nodes,pods -A');
  await run([commands.kubectl, 'get', 'nodes,pods', '-A']);
  console.log(`
The cluster stands after ${Math.round((Date.now() - begun) / 1000)} s. Look around:
  ${commands.kubectl} get nodes,pods -A
  ${commands.temper} status ${prefix}            what was done, step by step
  ${commands.temper} ui ${prefix}                the same in Temporal's Web UI
  ${commands.temper} plan ${spec}
  ${commands.ssh}                           the host itself
Run it again: npm run demo            (nothing is left to do, it takes seconds)
Tear it down: npm run demo -- --down`);
}

async function takeDown(): Promise<void> {
  await run([process.execPath, temperProgram, 'down'], { TEMPER_STATE: stateFolder });
  await stopLab(prefix);
  await rm(stateFolder, { recursive: true, force: true });
  say('the demo is gone; what was built stays in the cache for the next time');
}

async function demoLab(): Promise<Lab> {
  const left = await readState(prefix);
  // While a lab boots it has an owner; one that was killed then is cleaned and started anew.
  if (left && !left.owner) {
    const lab = await openLab(prefix);
    if (await lab.isOn(host)) {
      say(`host ${host} is up already`);
      return lab;
    }
    say(`host ${host} was off; it is switched on again`);
    await lab.powerOn(host);
    return lab;
  }
  say(`booting host ${host}: systemd, sshd, firewalld`);
  return startLab({ prefix, hosts: [{ name: host }], keep: true, say });
}

/** Small scripts, so that everything the demo prints can be typed as it stands, from anywhere. */
async function writeCommands(lab: Lab): Promise<Record<'temper' | 'kubectl' | 'ssh', string>> {
  const ssh = ['ssh', ...lab.sshArguments(host)].map(quote).join(' ');
  return {
    temper: await script('temper', `TEMPER_STATE=${quote(stateFolder)} exec node ${quote(temperProgram)} "$@"`),
    kubectl: await script('kubectl', `exec ${ssh} kubectl --kubeconfig=/etc/kubernetes/admin.conf "$@"`),
    ssh: await script('ssh', `exec ${ssh} "$@"`),
  };
}

async function script(name: string, line: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${line}\n`);
  await chmod(path, 0o755);
  return path;
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
