import { run, runOrThrow } from './command.js';

/**
 * Three networks, each a bridge in the lab's own network namespace. That namespace is the router between them and has no way out: nothing a host
 * sends leaves the lab. `routed` is for hosts that are in neither of the two planes and reach them through the router alone.
 */
export const networks = { control: '10.77.0', workload: '10.77.1', routed: '10.77.2' } as const;

export type NetworkName = keyof typeof networks;

export const networkNames = Object.keys(networks) as NetworkName[];

export const controlPlaneCidr = `${networks.control}.0/24`;
export const workloadPlaneCidr = `${networks.workload}.0/24`;
export const routedCidr = `${networks.routed}.0/24`;

/** On the control plane, and no host's: hosts have 11 to 99, or 111 to 199 where a second cable goes to the same network. */
export const virtualIP = `${networks.control}.100`;

/** Nothing listens there, so a host that asks it for a name is refused at once instead of waiting. */
export const gateway = `${networks.control}.1`;

/** Namespaces with no system in them. The first is the place to scan hosts from; the second is there once a load balancer was started. */
export const foreign = 'foreign';
export const balancer = 'balancer';

/** A plug of the host: the n-th cable is its interface eth(n-1). */
export interface Cable {
  network: NetworkName;
  interface: string;
  address: string;
  /** The other end, a port of the network's bridge. Named by number, because an interface name has room for 15 characters only. */
  port: string;
}

/** The cables of a host that has `number`, which ends its addresses, to `wanted` in this order. */
export function cablesOf(number: number, wanted: NetworkName[]): Cable[] {
  return wanted.map((network, index) => {
    const last = wanted.indexOf(network) < index ? number + 100 : number;
    const address = `${networks[network]}.${last}`;
    return { network, interface: `eth${index}`, address, port: `${network}-${last}` };
  });
}

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
  for (const name of networkNames) {
    await ip(lab, `link add ${name} type bridge`);
    await ip(lab, `address add ${networks[name]}.1/24 dev ${name}`);
    await ip(lab, `link set ${name} up`);
  }
  await runOrThrow(['ip', 'netns', 'exec', lab, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward']);
  await plugIn(prefix, foreign, cablesOf(200, ['control', 'workload']));
}

/**
 * Makes the namespace of a host and lays its cables. The default route goes through `defaultRoute`; the other networks' routers are there with
 * less preference, for what is sent out of one interface on purpose.
 */
export async function plugIn(
  prefix: string,
  host: string,
  cables: Cable[],
  defaultRoute = cables[0]!.network,
): Promise<void> {
  const lab = labNamespace(prefix);
  const namespace = hostNamespace(prefix, host);
  await addNamespace(namespace);
  for (const [index, cable] of cables.entries()) {
    await ip(lab, `link add ${cable.port} type veth peer name ${cable.interface} netns ${namespace}`);
    await ip(lab, `link set ${cable.port} master ${cable.network} up`);
    await ip(namespace, `address add ${cable.address}/24 dev ${cable.interface}`);
    await ip(namespace, `link set ${cable.interface} up`);
    const metric = cable.network === defaultRoute ? index + 1 : index + 100;
    await ip(namespace, `route add default via ${networks[cable.network]}.1 dev ${cable.interface} metric ${metric}`);
  }
}

/** Pulls the host's cables, or puts them back. The host sees its links go down; its own settings stay. */
export async function setCables(prefix: string, cables: Cable[], state: 'down' | 'up'): Promise<void> {
  for (const { port } of cables) await ip(labNamespace(prefix), `link set ${port} ${state}`);
}

/**
 * What a kernel forgets when it boots, but a namespace that outlives its host's system keeps: packet filter rules, interfaces that were made at
 * run time, forwarding. A kube-proxy that finds the rules of another life in its table gets confused.
 */
export async function forgetKernelState(namespace: string): Promise<void> {
  const made = `ip -o link show | sed -nE 's/^[0-9]+: ([^:@]+).*/\\1/p' | grep -vxE 'lo|eth[0-9]+'`;
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

export async function sourceTowards(namespace: string, address: string): Promise<string> {
  const { stdout } = await runOrThrow(['ip', '-n', namespace, '-o', 'route', 'get', address]);
  return /src (\S+)/.exec(stdout)![1]!;
}

async function addNamespace(name: string): Promise<void> {
  await runOrThrow(['ip', 'netns', 'add', name]);
  await ip(name, 'link set lo up');
}

async function ip(namespace: string, command: string): Promise<void> {
  await runOrThrow(['ip', '-n', namespace, ...command.split(' ')]);
}
