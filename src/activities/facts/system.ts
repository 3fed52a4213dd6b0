import type { SystemFact } from './facts.js';
import type { Ask } from './question.js';

export async function readSystem(ask: Ask): Promise<SystemFact> {
  const { stdout } = await ask(script, { args: [programs.join(' '), caFolders.join(' '), diskPaths.join(' ')] });
  return parseSystem(stdout);
}

/** Out of the ones that kubeadm and the kubelet ask for. */
const programs = [
  'conntrack',
  'containerd',
  'cp',
  'ctr',
  'ethtool',
  'ip',
  'iptables',
  'kubeadm',
  'kubelet',
  'losetup',
  'mount',
  'nsenter',
  'socat',
  'tc',
  'touch',
  'docker',
  'crio',
];

/** In kubeadm's order. */
const caFolders = [
  '/etc/pki/ca-trust',
  '/etc/pki/tls/certs',
  '/etc/ca-certificates',
  '/usr/share/ca-certificates',
  '/usr/local/share/ca-certificates',
];

const diskPaths = ['/', '/var/lib', '/var/lib/containerd', '/var/lib/kubelet', '/var/lib/etcd'];

/** Sections that begin with `@name`; what a host does not have leaves its section empty. */
const script = `
programs=$1 folders=$2 disks=$3
exec 2>/dev/null
say() { printf '\\n@%s\\n' "$1"; }
say hostname; hostname || uname -n
say machineId; cat /etc/machine-id
say bootId; cat /proc/sys/kernel/random/boot_id
say os; cat /etc/os-release || cat /usr/lib/os-release
say kernel; uname -r
say architecture; dpkg --print-architecture || uname -m
say cpus; nproc
say memory; grep MemTotal: /proc/meminfo
say swap; cat /proc/swaps
say addresses; ip -o -4 addr show
say routes; ip -4 route show table main
say listening; ss -Htlnp | sed 's/^/tcp /'; ss -Hulnp | sed 's/^/udp /'
say nameservers; sed -n 's/^nameserver[[:space:]]*//p' /etc/resolv.conf
say cgroup; stat -fc %T /sys/fs/cgroup
say clock; date +%s
say disks; for path in $disks; do df -Pm "$path" | tail -n 1 | { read -r _ _ _ free _; echo "$free $path"; }; done
say selinux; getenforce
say programs; for program in $programs; do command -v "$program" >/dev/null && echo "$program"; done
say resolved; systemctl is-active systemd-resolved
say caFolders; for folder in $folders; do [ -d "$folder" ] && echo "$folder"; done
say waiters
for unit in systemd-networkd-wait-online NetworkManager-wait-online; do
  systemctl --quiet is-enabled $unit.service && systemctl --quiet is-enabled "\${unit%-wait-online}.service" && echo $unit.service
done
exit 0
`;

export function parseSystem(output: string): SystemFact {
  const sections = new Map(
    output.split(/^@/m).map((section) => [section.split('\n', 1)[0]!, section.slice(section.indexOf('\n') + 1).trim()]),
  );
  const text = (name: string) => sections.get(name) ?? '';
  const rows = (name: string) => text(name).split('\n').filter(Boolean);
  const os = (key: string) => new RegExp(`^${key}=["']?(.*?)["']?$`, 'm').exec(text('os'))?.[1] ?? '';
  return {
    hostname: text('hostname').toLowerCase(),
    machineId: text('machineId'),
    bootId: text('bootId'),
    os: { id: os('ID'), idLike: os('ID_LIKE'), versionId: os('VERSION_ID'), prettyName: os('PRETTY_NAME') },
    kernel: text('kernel'),
    architecture: architectures[text('architecture')] ?? text('architecture'),
    cpus: Number(text('cpus')),
    memoryMiB: Math.floor(Number(/\d+/.exec(text('memory'))?.[0] ?? 0) / 1024),
    swap: rows('swap')
      .slice(1)
      .map((row) => row.split(/\s/)[0]!),
    addresses: rows('addresses').flatMap(parseAddress),
    routes: rows('routes').flatMap(parseRoute),
    listening: rows('listening').flatMap(parseSocket),
    nameservers: rows('nameservers'),
    cgroup: text('cgroup') === 'cgroup2fs' ? 'v2' : 'v1',
    clockSeconds: Number(text('clock')),
    freeMiB: rows('disks')
      .map((row) => ({ path: row.slice(row.indexOf(' ') + 1), free: Number(row.split(' ')[0]) }))
      .filter(({ path }) => path),
    selinux: selinux[text('selinux')] ?? 'disabled',
    programs: rows('programs'),
    usesSystemdResolved: text('resolved') === 'active',
    caFolders: rows('caFolders'),
    networkOnlineWaiters: rows('waiters'),
  };
}

/** `2: eth0    inet 10.0.0.11/24 brd 10.0.0.255 scope global secondary eth0\       valid_lft …` */
function parseAddress(row: string): SystemFact['addresses'] {
  const [, name, address, prefixLength] = /^\d+: (\S+)\s+inet (\S+?)(?:\/(\d+)| peer)/.exec(row) ?? [];
  if (!address) return [];
  return [{ interface: name!, address, prefixLength: Number(prefixLength ?? 32), primary: !/\bsecondary\b/.test(row) }];
}

/** `10.0.0.0/24 via 10.0.1.1 dev eth0 …`; a destination without a length is one address. */
function parseRoute(row: string): SystemFact['routes'] {
  const words = row.split(/\s+/);
  const after = (word: string) => (words.includes(word) ? words[words.indexOf(word) + 1] : undefined);
  const [first = ''] = words;
  const destination = first === 'default' ? '0.0.0.0/0' : first.includes('/') ? first : `${first}/32`;
  // Others begin with their type: unreachable, blackhole.
  if (!/^\d/.test(destination)) return [];
  return [{ destination, interface: after('dev') ?? '', gateway: after('via') }];
}

/** `tcp LISTEN 0 4096 127.0.0.1:10248 0.0.0.0:* users:(("kubelet",pid=1,fd=2))` */
function parseSocket(row: string): SystemFact['listening'] {
  const [protocol, , , , local = ''] = row.split(/\s+/);
  const [, address, port] = /^(.*):(\d+)$/.exec(local) ?? [];
  if (!address) return [];
  const process = /users:\(\("([^"]+)"/.exec(row)?.[1] ?? '';
  return [
    { protocol: protocol as 'tcp' | 'udp', address: address.replace(/%.*$|[[\]]/g, ''), port: Number(port), process },
  ];
}

const architectures: Record<string, string> = { x86_64: 'amd64', aarch64: 'arm64' };
const selinux: Record<string, SystemFact['selinux']> = { Enforcing: 'enforcing', Permissive: 'permissive' };
