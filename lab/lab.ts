import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { labCgroup } from './cgroups.js';
import type { CommandResult } from './command.js';
import { formatDisk, hostKeys } from './disk.js';
import { balancerAddress, startLoadBalancer } from './load-balancer.js';
import {
  balancer,
  cablesOf,
  dial,
  foreign,
  hostNamespace,
  labNamespace,
  networkNames,
  plugIn,
  setCables,
  sourceTowards,
} from './network.js';
import type { DialResult, NetworkName } from './network.js';
import { countPackets } from './packets.js';
import type { CountOptions, PacketCount } from './packets.js';
import { execOn, isOn, powerCut, powerOn } from './power.js';
import type { ExecOptions, Machine } from './power.js';
import { writeState } from './state.js';
import type { HostState, LabState } from './state.js';
import { stopLab } from './stop-lab.js';

/** Throw-away hosts on this machine, whichever process booted them: `startLab` makes one, `openLab` finds it again. */
export class Lab {
  readonly state: LabState;

  constructor(state: LabState) {
    this.state = state;
  }

  /** How SSH reaches the hosts: nothing outside of the lab's network namespace dials their addresses. */
  get sshProxyCommand(): string {
    return `ip netns exec ${labNamespace(this.state.prefix)} nc %h %p`;
  }

  /** Private key that lets in as root and as ops, who has sudo without a password. */
  get identityFile(): string {
    return join(this.state.folder, 'id_ed25519');
  }

  /** The hosts' keys as they are on their disks. */
  get knownHosts(): string {
    return join(this.state.folder, 'known_hosts');
  }

  get hosts(): LabHost[] {
    return this.state.hosts.map(({ name, number, networks }) => {
      const cables = cablesOf(number, networks);
      return {
        name,
        address: cables[0]!.address,
        workloadAddress: cables.find(({ network }) => network === 'workload')?.address,
        addresses: cables.map(({ address }) => address),
        networkNamespace: hostNamespace(this.state.prefix, name),
      };
    });
  }

  host(name: string): LabHost {
    const host = this.hosts.find((candidate) => candidate.name === name);
    if (!host) throw new Error(`lab ${this.state.prefix} has no host ${name}`);
    return host;
  }

  /** Arguments of ssh(1) that log in to the host. */
  sshArguments(name: string, user = 'root'): string[] {
    const options = [
      `ProxyCommand=${this.sshProxyCommand}`,
      `UserKnownHostsFile=${this.knownHosts}`,
      'StrictHostKeyChecking=yes',
    ];
    return [
      '-F',
      'none',
      '-i',
      this.identityFile,
      ...options.flatMap((option) => ['-o', option]),
      `${user}@${this.host(name).address}`,
    ];
  }

  async addHost(options: HostOptions): Promise<LabHost> {
    await this.addHosts([options]);
    return this.host(options.name);
  }

  async addHosts(wanted: HostOptions[]): Promise<void> {
    const added: HostState[] = [];
    for (const { name, networks = bothPlanes, defaultRoute } of wanted) {
      this.refuse(name, networks);
      const number = Math.max(10, ...this.state.hosts.map((host) => host.number)) + 1;
      added.push({ name, number, networks });
      this.state.hosts.push(added.at(-1)!);
      await writeState(this.state);
      await plugIn(this.state.prefix, name, cablesOf(number, networks), defaultRoute);
    }
    for (const host of this.state.hosts) if (!added.includes(host)) await this.introduce(host, added);
    await Promise.all(added.map((host) => this.format(host)));
    await this.writeKnownHosts();
    await Promise.all(added.map((host) => powerOn(this.machine(host.name))));
  }

  /** Runs a command as root on the host, also when its sshd or network does not work. A string is a shell script. */
  async exec(name: string, command: string | string[], options?: ExecOptions): Promise<CommandResult> {
    return execOn(this.machine(name), command, options);
  }

  /** Like `exec`; throws with the whole stderr unless the command ended with 0, and returns its stdout. */
  async execOrThrow(name: string, command: string | string[], options?: ExecOptions): Promise<string> {
    const { code, stdout, stderr } = await this.exec(name, command, options);
    if (code !== 0) throw new Error(`${name}: ${String(command)} ended with ${code}: ${stderr.trim()}`);
    return stdout;
  }

  /** The disk keeps what was written, not more: nothing is flushed or told. */
  async powerCut(name: string): Promise<void> {
    await powerCut(this.machine(name));
  }

  async powerOn(name: string): Promise<void> {
    if (await isOn(this.machine(name))) throw new Error(`${name} is on`);
    await powerOn(this.machine(name));
  }

  /** The host as it was at first: empty disk, new machine id, new SSH host keys, same name and addresses. */
  async reset(name: string): Promise<void> {
    await powerCut(this.machine(name));
    await this.format(this.hostState(name));
    await this.writeKnownHosts();
    await powerOn(this.machine(name));
  }

  async networkCut(name: string): Promise<void> {
    await this.setCables(name, 'down');
  }

  async networkMend(name: string): Promise<void> {
    await this.setCables(name, 'up');
  }

  /** One attempt to connect, from a host or from `foreign`, which has an address on both planes and is no host. */
  async dial(from: string, address: string, port: number): Promise<DialResult> {
    return dial(hostNamespace(this.state.prefix, from), address, port);
  }

  /** The address that a packet from the host, or from `foreign`, to `address` begins with. */
  async sourceTowards(from: string, address: string): Promise<string> {
    return sourceTowards(hostNamespace(this.state.prefix, from), address);
  }

  /** Counts packets on a network's bridge from now on, and drops them if asked to. */
  async countPackets(options: CountOptions): Promise<PacketCount> {
    return countPackets(this.state.prefix, options);
  }

  /** The hosts that have the address on an interface, a virtual one too; those that are off have none. */
  async holdersOf(address: string): Promise<string[]> {
    const holders: string[] = [];
    for (const { name } of this.hosts) {
      if (!(await this.isOn(name))) continue;
      if (await this.execOrThrow(name, ['ip', '-o', 'address', 'show', 'to', address])) holders.push(name);
    }
    return holders;
  }

  /** A load balancer that is managed elsewhere, in front of these hosts. Returns its address; there is one in a lab. */
  async startLoadBalancer(port: number, hosts: string[]): Promise<string> {
    await startLoadBalancer(
      this.state.prefix,
      port,
      hosts.map((name) => this.host(name).address),
    );
    return balancerAddress;
  }

  async isOn(name: string): Promise<boolean> {
    return isOn(this.machine(name));
  }

  async stop(): Promise<void> {
    await stopLab(this.state.prefix);
  }

  private machine(name: string): Machine {
    const { prefix, baseImage: image } = this.state;
    return {
      name: this.host(name).name,
      machineName: `${prefix}.${name}`,
      cgroup: join(labCgroup(prefix), name),
      networkNamespace: hostNamespace(prefix, name),
      folder: this.diskFolder(name),
      baseImage: image,
    };
  }

  private diskFolder(name: string): string {
    return join(this.state.folder, 'hosts', name);
  }

  private hostState(name: string): HostState {
    return this.state.hosts.find((host) => host.name === this.host(name).name)!;
  }

  private async setCables(name: string, state: 'down' | 'up'): Promise<void> {
    const { number, networks } = this.hostState(name);
    await setCables(this.state.prefix, cablesOf(number, networks), state);
  }

  private refuse(name: string, networks: NetworkName[]): void {
    if (!/^[a-z][a-z0-9-]{0,19}$/.test(name) || [foreign, balancer].includes(name))
      throw new Error(`${name} cannot be the name of a host`);
    const cables = networkNames.map((network) => networks.filter((each) => each === network).length);
    if (networks.some((each) => !networkNames.includes(each)) || networks.length === 0 || Math.max(...cables) > 2)
      throw new Error(
        `${name}: ${networks.join(',')}: a host has one or two cables to some of ${networkNames.join(', ')}`,
      );
    if (this.state.hosts.some((host) => host.name === name))
      throw new Error(`lab ${this.state.prefix} has a host ${name}`);
  }

  private async format({ name }: HostState): Promise<void> {
    const publicKey = (await readFile(`${this.identityFile}.pub`, 'utf8')).trim();
    await formatDisk(this.diskFolder(name), {
      name,
      publicKey,
      hosts: `127.0.0.1 localhost\n${nameLines(this.hosts)}`,
    });
  }

  /** Writes the names of `added` into /etc/hosts of a host that was there before. */
  private async introduce(host: HostState, added: HostState[]): Promise<void> {
    const lines = nameLines(added.map(({ name }) => this.host(name)));
    if (await this.isOn(host.name)) await this.execOrThrow(host.name, 'cat >> /etc/hosts', { input: lines });
    else await appendFile(join(this.diskFolder(host.name), 'written/etc/hosts'), lines);
  }

  private async writeKnownHosts(): Promise<void> {
    const lines: string[] = [];
    for (const { name, address } of this.hosts) {
      for (const key of await hostKeys(this.diskFolder(name))) lines.push(`${address} ${key}\n`);
    }
    await writeFile(this.knownHosts, lines.join(''));
  }
}

export interface HostOptions {
  /** Up to 20 letters, digits and dashes. */
  name: string;
  /**
   * Where the cables of eth0, eth1 and so on go; one network may be named twice. The host's name and its SSH mean the first address.
   * Default: control, workload.
   */
  networks?: NetworkName[];
  /** Default: the first. */
  defaultRoute?: NetworkName;
}

export interface LabHost {
  name: string;
  /** That of eth0. */
  address: string;
  /** The first on the workload plane. */
  workloadAddress: string | undefined;
  /** Of eth0, eth1 and so on. */
  addresses: string[];
  networkNamespace: string;
}

const bothPlanes: NetworkName[] = ['control', 'workload'];

function nameLines(hosts: LabHost[]): string {
  return hosts.map(({ name, address }) => `${address} ${name}\n`).join('');
}
