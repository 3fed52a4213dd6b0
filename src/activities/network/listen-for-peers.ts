import { isNode, type Cluster } from '../../cluster/cluster.js';
import type { Listening, Plane } from '../../cluster/network/seen.js';
import { openingsOf, richRule, waysOf } from '../../cluster/openings.js';
import { paths } from '../../cluster/paths.js';
import type { SystemFact } from '../facts/facts.js';
import type { HostView } from '../step.js';

/** What `ss -p` calls the listener. */
export const listenerName = 'temper-listen';

/** It ends by itself after so long, whoever dies meanwhile. */
const listenerSeconds = 20;

/**
 * Lets peers try the ports of the port table: on a host that is new a listener stands on each that is free, on a host of the cluster the
 * services themselves do, and nothing comes in their way. A port that firewalld is yet to open for all its peers is left out, as dialling it
 * would prove nothing. `stopListening` ends the listener.
 */
export async function listenForPeers(view: HostView, cluster: Cluster): Promise<Listening> {
  const host = cluster.hosts.find(({ name }) => name === view.name)!;
  const [firewall, system, record, links] = await Promise.all([
    view.facts.firewall(),
    view.facts.system(),
    view.facts.text(paths.hostRecord),
    view.ask('ip -o link show'),
  ]);
  const ways = waysOf(openingsOf(cluster, host)).filter(({ protocol }) => protocol === 'tcp');
  const isClosed = (port: number) =>
    ways.some((way) => way.port === port && !firewall.runtime.richRules.includes(richRule(way)));
  const own = ways.filter(({ to }) => to !== cluster.spec.apiServer.virtualIP);
  const open = own.filter(({ port }) => !firewall.runs || !isClosed(port));
  const wanted = [...new Set(open.map(({ to, port }) => `${to}:${port}`))];
  const by = record === undefined ? 'listener' : 'services';
  const serving =
    by === 'listener' ? await startListener(view, wanted) : wanted.filter((each) => isServed(each, system));
  const link = (address: string) => linkOf(address, system, links.stdout);
  const planes = {
    controlPlane: link(host.controlPlaneAddress),
    workloadPlane: isNode(host) ? link(host.workloadPlaneAddress) : undefined,
  };
  return { host: host.name, serving, by, links: planes };
}

/** Returns whether a listener still stood. */
export async function stopListening(view: HostView): Promise<boolean> {
  return (await view.ask(stopScript, listenerName)).stdout.trim() !== '';
}

async function startListener(view: HostView, wanted: string[]): Promise<string[]> {
  if (wanted.length === 0) return [];
  const { stdout } = await view.ask('perl -e "$@"', listener, listenerName, String(listenerSeconds), ...wanted);
  return stdout.split('\n').filter(Boolean);
}

function isServed(wanted: string, { listening }: SystemFact): boolean {
  const [address, port] = wanted.split(':');
  const sockets = listening.filter((socket) => socket.protocol === 'tcp' && socket.port === Number(port));
  return sockets.some((socket) => [address, '0.0.0.0', '*', '::'].includes(socket.address));
}

/** `shown`: a line `2: eth0@if5: <BROADCAST,…> mtu 1500 …` each. */
function linkOf(address: string, { addresses }: SystemFact, shown: string): Listening['links'][Plane] {
  const name = addresses.find((each) => each.address === address)?.interface;
  const lines = [...shown.matchAll(/^\d+: ([^:@\s]+).*? mtu (\d+)/gm)];
  const mtu = lines.find(([, each]) => each === name)?.[2];
  return name && mtu ? { interface: name, mtu: Number(mtu) } : undefined;
}

/** Connections are made by the kernel: nobody accepts or answers. In perl, which every Debian and Ubuntu has, without modules to install. */
const listener = `
use Socket; use POSIX ();
my ($name, $seconds, @wanted) = @ARGV;
$| = 1;
my @sockets;
for (@wanted) {
  my ($address, $port) = split /:/;
  socket(my $socket, PF_INET, SOCK_STREAM, 0) or next;
  setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1);
  bind($socket, pack_sockaddr_in($port, inet_aton($address))) && listen($socket, 4096) or next;
  push @sockets, $socket;
  print "$_\\n";
}
exit if !@sockets || fork;
POSIX::setsid();
$0 = $name;
open $_, '+<', '/dev/null' for *STDIN, *STDOUT, *STDERR;
alarm $seconds;
sleep 60;
`;

const stopScript = `
for each in /proc/[0-9]*; do
  { read -r name <"$each/comm"; } 2>/dev/null || continue
  [ "$name" != "$1" ] || { kill "\${each#/proc/}" && echo "\${each#/proc/}"; }
done
`;
