import { spawn } from 'node:child_process';

import { Command } from 'commander';

import type { HostOptions, Lab } from './lab.js';
import { networkNames } from './network.js';
import type { NetworkName } from './network.js';
import { openLab, startLab } from './start-lab.js';
import { labPrefixes } from './state.js';
import { stopLab } from './stop-lab.js';

const hostSyntax = `NAME, or NAME=NETWORK,… with a cable to each of these networks: ${networkNames.join(', ')}`;

const program = new Command('lab')
  .description('Throw-away hosts on this machine.')
  .option('--lab <name>', 'which lab', 'lab')
  .enablePositionalOptions()
  .showHelpAfterError();

program
  .command('up')
  .description('boot a lab with these hosts')
  .argument('[hosts...]', hostSyntax, ['cp1'])
  .action(async (names: string[]) => {
    print(await startLab({ prefix: labName(), hosts: names.map(hostOf), keep: true, say: console.error }));
  });

program
  .command('down')
  .description('leave nothing of the lab')
  .action(() => stopLab(labName()));

program
  .command('list')
  .description('all labs and their hosts')
  .action(async () => {
    for (const prefix of await labPrefixes()) print(await openLab(prefix));
  });

program
  .command('add')
  .description('boot one more host')
  .argument('<host>', hostSyntax)
  .action(async (name: string) => {
    const lab = await openLab(labName());
    await lab.addHost(hostOf(name));
    print(lab);
  });

program
  .command('balance')
  .description('start a load balancer that is no host, in front of these hosts')
  .argument('<port>')
  .argument('<hosts...>')
  .action(async (port: string, names: string[]) => {
    console.log(`${await (await openLab(labName())).startLoadBalancer(Number(port), names)}:${port}`);
  });

program
  .command('ssh')
  .description('log in, or run a command, over SSH')
  .argument('<host>')
  .argument('[command...]')
  .option('--user <name>', 'root or ops', 'root')
  .passThroughOptions()
  .action(async (name: string, command: string[], { user }: { user: string }) => {
    const lab = await openLab(labName());
    const ssh = spawn('ssh', [...lab.sshArguments(name, user), ...command], { stdio: 'inherit' });
    ssh.once('exit', (code) => (process.exitCode = code ?? 255));
  });

program
  .command('exec')
  .description('run a command as root without SSH')
  .argument('<host>')
  .argument('<command...>')
  .passThroughOptions()
  .action(async (name: string, command: string[]) => {
    const { stdout, stderr, code } = await (await openLab(labName())).exec(name, command);
    process.stdout.write(stdout);
    process.stderr.write(stderr);
    process.exitCode = typeof code === 'number' ? code : 255;
  });

hostCommand('power-cut', 'end the host in one instant', (lab, name) => lab.powerCut(name));
hostCommand('power-on', 'boot it again from the same disk', (lab, name) => lab.powerOn(name));
hostCommand('reset', 'boot it again from an empty disk', (lab, name) => lab.reset(name));
hostCommand('network-cut', 'pull its cables', (lab, name) => lab.networkCut(name));
hostCommand('network-mend', 'put its cables back', (lab, name) => lab.networkMend(name));

program.parseAsync().catch((error: Error) => {
  console.error(`lab: ${error.message}`);
  process.exitCode = 1;
});

function hostCommand(verb: string, description: string, action: (lab: Lab, name: string) => Promise<void>): void {
  program
    .command(verb)
    .description(description)
    .argument('<host>')
    .action(async (name: string) => action(await openLab(labName()), name));
}

function hostOf(text: string): HostOptions {
  const [name = '', wanted] = text.split('=');
  return { name, networks: wanted?.split(',') as NetworkName[] | undefined };
}

function labName(): string {
  return program.opts<{ lab: string }>().lab;
}

function print(lab: Lab): void {
  for (const host of lab.hosts) {
    console.log(`${lab.state.prefix}  ${host.name}  ${host.addresses.join('  ')}`);
  }
}
