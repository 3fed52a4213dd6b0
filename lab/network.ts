import { run, runOrThrow } from './command.js';

/** Two planes, each a bridge in the lab's own network namespace, which has no way out: nothing a host sends leaves the lab. */
export const planes = [
  { name: 'control', interface: 'eth0', subnet: '10.77.0' },
  { name: 'workload', interface: 'eth1', subnet: '10.77.1' },
] as const;

export type Plane = (typeof planes)[number];

export const controlPlaneCidr = `${planes[0].subnet}.0/24`;
export const workloadPlaneCidr = `${planes[1].subnet}.0/24`;

/** Nothing listens there, so a host that asks it for a name is refused at once instead of waiting. */
export const gateway = `${planes[0].subnet}.1`;

/** The name of a namespace with an address on both planes and no system in it: the place to scan hosts from. */
export const foreign = 'foreign';

export function labNamespace(prefix: string): string {
  return `temper-${prefix}`;
}

export function hostNamespace(prefix: string, host: string): string {
  return `${labNamespace(prefix)}.${host}`;
}

/** Makes the lab's namespace with its bridges, and the foreign one. */
export async function makeNetwork(prefix: string): Promise<void> {
  const lab = labNamespace(prefix);
  await addNamespace(lab);
  for (const plane of planes) {
    await ip(lab, `link add ${plane.name} type bridge`);
    await ip(lab, `address add ${plane.subnet}.1/24 dev ${plane.name}`);
    await ip(lab, `link set ${plane.name} up`);
  }
  await plugIn(prefix, foreign, 200, [...planes]);
}

/** Makes the namespace of a host and plugs it into the bridges of `wanted`, with the address that ends in `number` on each. */
export async function plugIn(prefix: string, host: string, number: number, wanted: Plane[]): Promise<void> {
  const lab = labNamespace(prefix);
  const namespace = hostNamespace(prefix, host);
  await addNamespace(namespace);
  for (const plane of wanted) {
    const port = portName(plane, number);
    await ip(lab, `link add ${port} type veth peer name ${plane.interface} netns ${namespace}`);
    await ip(lab, `link set ${port} master ${plane.name} up`);
    await ip(namespace, `address add ${plane.subnet}.${number}/24 dev ${plane.interface}`);
    await ip(namespace, `link set ${plane.interface} up`);
  }
  await ip(namespace, `route add default via ${gateway}`);
}

/** Pulls the host's cables, or puts them back. The host sees its links go down; its own settings stay. */
export async function setCables(prefix: string, number: number, state: 'down' | 'up'): Promise<void> {
  const lab = labNamespace(prefix);
  for (const plane of planes) {
    const port = portName(plane, number);
    if ((await run(['ip', '-n', lab, 'link', 'show', port])).code === 0) await ip(lab, `link set ${port} ${state}`);
  }
}

/**
 * What a kernel forgets when it boots, but a namespace that outlives its host's system keeps: packet filter rules, interfaces that were made at
 * run time, forwarding. A kube-proxy that finds the rules of another life in its table gets confused.
 */
export async function forgetKernelState(namespace: string): Promise<void> {
  const made = `ip -o link show | sed -nE 's/^[0-9]+: ([^:@]+).*/\\1/p' | grep -vxE 'lo|${planes.map((plane) => plane.interface).join('|')}'`;
  const script = `nft flush ruleset; for link in $(${made}); do ip link delete "$link" 2>/dev/null || :; done; echo 0 >/proc/sys/net/ipv4/ip_forward`;
  await runOrThrow(['ip', 'netns', 'exec', namespace, 'sh', '-c', script]);
}

/** Removes every namespace of the lab, and with them its bridges and cables. */
export async function removeNetwork(prefix: string): Promise<void> {
  const { stdout } = await runOrThrow(['ip', 'netns', 'list']);
  for (const line of stdout.split('\n').filter(Boolean)) {
    const name = line.split(' ')[0] ?? '';
    if (name === labNamespace(prefix) || name.startsWith(hostNamespace(prefix, '')))
      await runOrThrow(['ip', 'netns', 'delete', name]);
  }
}

/** One attempt to open a TCP connection out of `namespace`. Filtered: dropped, or rejected by a firewall, within `timeoutSeconds`. */
export async function dial(namespace: string, address: string, port: number, timeoutSeconds = 2): Promise<DialResult> {
  const command = ['nc', '-z', '-n', '-v', '-w', String(timeoutSeconds), address, String(port)];
  const { code, stderr } = await run(['ip', 'netns', 'exec', namespace, ...command]);
  if (code === 0) return 'open';
  if (!stderr.startsWith('nc: ')) throw new Error(`no connection attempt out of ${namespace}: ${stderr.trim()}`);
  return stderr.includes('Connection refused') ? 'refused' : 'filtered';
}

export type DialResult = 'open' | 'refused' | 'filtered';

/** Named by number, because an interface name has room for 15 characters only. */
function portName(plane: Plane, number: number): string {
  return `${plane.name}-${number}`;
}

async function addNamespace(name: string): Promise<void> {
  await runOrThrow(['ip', 'netns', 'add', name]);
  await ip(name, 'link set lo up');
}

async function ip(namespace: string, command: string): Promise<void> {
  await runOrThrow(['ip', '-n', namespace, ...command.split(' ')]);
}
