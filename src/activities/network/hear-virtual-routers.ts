import type { NetworkRead } from '../../cluster/network/seen.js';
import type { HostView } from '../step.js';

/** Three seconds: who announces nothing for so long has the default interval of one second no more. */
const seconds = '3.2';

/** Virtual routers that are announced by VRRP, multicast or not, on the network of the interface that has `address`. */
export async function hearVirtualRouters(view: HostView, address: string): Promise<NetworkRead['announced']> {
  const { stdout } = await view.ask(script, address, seconds, listener);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => ({ from: line.split(' ')[0]!, routerId: Number(line.split(' ')[1]) }));
}

const script = `
index=$(ip -o -4 address show to "$1" | cut -d: -f1)
[ -n "$index" ] && command -v perl >/dev/null || exit 0
perl -e "$3" "$index" "$1" "$2"
`;

/** Before the packet filter, as a firewall drops what nobody is meant to hear: a packet socket. Its own filter lets only protocol 112 through. */
const listener = `
use Socket;
my ($index, $address, $rest) = @ARGV;
socket(my $packets, 17, SOCK_DGRAM, 0) or die "socket: $!";
my $filter = pack 'SCCL' x 4, 0x30, 0, 0, 9, 0x15, 0, 1, 112, 6, 0, 0, 65535, 6, 0, 0, 0;
setsockopt($packets, SOL_SOCKET, 26, pack 'S x![P] P', 4, $filter) or die "filter: $!";
bind($packets, pack 'S n i S C C x8', 17, 0x0800, $index, 0, 0, 0) or die "bind: $!";
socket(my $group, PF_INET, SOCK_DGRAM, 0);
setsockopt($group, 0, 35, inet_aton('224.0.0.18') . inet_aton($address));
my %heard;
while ($rest > 0) {
  my $ready = '';
  vec($ready, fileno $packets, 1) = 1;
  (my $found, $rest) = select($ready, undef, undef, $rest);
  last if $found <= 0;
  recv $packets, my $packet, 65535, 0;
  my $vrrp_at = (ord($packet) & 15) * 4;
  next if length($packet) < $vrrp_at + 2;
  my ($version_and_type, $id) = unpack 'CC', substr $packet, $vrrp_at;
  $heard{inet_ntoa(substr $packet, 12, 4) . " $id"} = 1 if ($version_and_type & 15) == 1;
}
print "$_\\n" for sort keys %heard;
`;
