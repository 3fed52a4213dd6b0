import type { Reached, Targets } from '../../cluster/network/seen.js';
import type { HostView } from '../step.js';

/** Dials and pings, all at once and each more than once. Takes a second or two; more only where somebody does not answer. */
export async function reachPeers(view: HostView, { dials, pings }: Targets): Promise<Reached> {
  const targets = [...dials, ...pings.map(({ address, size }) => `${address}/${size}`)];
  const { code, stdout, stderr } = await view.ask(
    'command -v perl >/dev/null || exit 127; perl -e "$@"',
    probe,
    ...targets,
  );
  const reached = parseReached(view.name, code === 0 ? stdout : '');
  if (code === 0) return reached;
  return { ...reached, untried: code === 127 ? 'there is no perl' : `perl ended with ${code}: ${stderr.trim()}` };
}

/** Lines `dial 10.0.0.11:6443 silent`, `ping 10.0.0.11 unanswered`, `ping 10.0.0.11 9000 1450`. */
export function parseReached(host: string, output: string): Reached {
  const rows = output.split('\n').map((line) => line.split(' '));
  const ofKind = (kind: string) => rows.filter(([first]) => first === kind);
  return {
    host,
    failed: ofKind('dial').map(([, target = '', seen]) => ({
      target,
      seen: seen as Reached['failed'][number]['seen'],
    })),
    unanswered: ofKind('ping').flatMap(([, address = '', what]) => (what === 'unanswered' ? [address] : [])),
    narrow: ofKind('ping').flatMap(([, address = '', size, passed]) =>
      passed ? [{ address, size: Number(size), passed: Number(passed) }] : [],
    ),
  };
}

/**
 * A ping is answered when its echo comes back, or an ICMP error that quotes it: from the host, which forbids it, or from a router that says
 * what is too big, as routers should. IP_MTU_DISCOVER 3 (PROBE) forbids to cut a packet, and ignores what the kernel has learnt of the path.
 */
const probe = `
use Socket; use Fcntl; use Errno qw(EINPROGRESS ECONNREFUSED ETIMEDOUT);
my (@dials, %sizes);
for (@ARGV) { if (m{(.*)/(.*)}) { $sizes{$1} = $2 } else { push @dials, $_ } }

my %seen;
sub dial {
  my (%open, $rest);
  my $waiting = '';
  for (@_) {
    my ($address, $port) = split /:/;
    socket(my $socket, PF_INET, SOCK_STREAM, 0) or die "socket: $!";
    fcntl($socket, F_SETFL, O_NONBLOCK);
    delete $seen{$_};
    next if connect($socket, pack_sockaddr_in($port, inet_aton($address)));
    if ($! != EINPROGRESS) { $seen{$_} = 'unreachable'; next }
    $open{fileno $socket} = [$socket, $_];
    vec($waiting, fileno $socket, 1) = 1;
  }
  $rest = 2;
  while (%open && $rest > 0) {
    (my $found, $rest) = select(undef, my $ready = $waiting, undef, $rest);
    last if $found <= 0;
    for my $number (keys %open) {
      next unless vec($ready, $number, 1);
      vec($waiting, $number, 1) = 0;
      my ($socket, $target) = @{delete $open{$number}};
      my $error = unpack 'i', getsockopt($socket, SOL_SOCKET, SO_ERROR);
      next if !$error;
      $seen{$target} = $error == ECONNREFUSED ? 'refused' : $error == ETIMEDOUT ? 'silent' : 'unreachable';
    }
  }
  $seen{$_->[1]} = 'silent' for values %open;
}
# In portions, as select knows 1024 sockets.
sub dial_all { while (my @some = splice @_, 0, 250) { dial(@some) } }

socket(my $icmp, PF_INET, SOCK_RAW, getprotobyname('icmp') || 1) or die "socket: $!";
setsockopt($icmp, 0, 10, pack 'i', 3);
setsockopt($icmp, SOL_SOCKET, 33, pack 'i', 1 << 23);
my ($id, @sent, %answered) = ($$ & 0xffff);
sub ask {
  for (1 .. 3) {
    my @left = grep { !$answered{$_} } @_ or return;
    for (@left) {
      my ($address, $size) = split '/';
      push @sent, $_;
      my $sum = 0x0800 + $id + $#sent;
      $sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
      send $icmp, pack('CCnnn', 8, 0, ~$sum & 0xffff, $id, $#sent) . "\\0" x ($size - 28), 0, pack_sockaddr_in(0, inet_aton($address));
    }
    my $rest = 0.7;
    while ($rest > 0 && grep { !$answered{$_} } @left) {
      my $ready = '';
      vec($ready, fileno $icmp, 1) = 1;
      (my $found, $rest) = select($ready, undef, undef, $rest);
      last if $found <= 0;
      recv $icmp, my $packet, 65535, 0;
      my $icmp_at = (ord($packet) & 15) * 4;
      my ($type, $code) = unpack 'CC', substr $packet, $icmp_at;
      if ($type == 3 && grep { $code == $_ } 3, 4, 9, 10, 13) {
        $packet = substr $packet, $icmp_at + 8;
        $icmp_at = (ord($packet) & 15) * 4;
      } elsif ($type != 0) { next }
      next if length($packet) < $icmp_at + 8;
      my ($whose, $number) = unpack 'nn', substr $packet, $icmp_at + 4;
      $answered{$sent[$number]} = 1 if $whose == $id && $number <= $#sent;
    }
  }
}

my @addresses = keys %sizes;
my $small = 56;
ask(map { ("$_/$small", $sizes{$_} > $small ? "$_/$sizes{$_}" : ()) } @addresses);
for my $address (@addresses) {
  my $size = $sizes{$address};
  if (!$answered{"$address/$small"}) { print "ping $address unanswered\\n"; next }
  next if $size <= $small || $answered{"$address/$size"};
  my @smaller = grep { $_ < $size } 8000, 4000, 1500, 1492, 1450, 1400, 1350, 1280, 1000, 576;
  ask(map "$address/$_", @smaller);
  my ($passed) = grep { $answered{"$address/$_"} } @smaller;
  # Nothing at all gets through any more: then size is not the reason.
  print "ping $address $size $passed\\n" if $passed;
}

dial_all(@dials);
if (my @failed = sort keys %seen) { sleep 1; dial_all(@failed) }
print "dial $_ $seen{$_}\\n" for sort keys %seen;
`;
