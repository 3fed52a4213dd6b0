import { defaults } from '../../cluster/defaults.js';
import { portTable, type Audience, type PortRow } from '../../cluster/ports.js';

/** The port table as a table of Markdown. */
export function portList(): string {
  const rows = portTable.map((row) => [row.service, portOf(row), row.on, bind[row.bind], openTo(row)]);
  const lines = [['service', 'port', 'on', 'listens on', 'open to'], Array(5).fill('---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const bind: Record<PortRow['bind'], string> = {
  loopback: '127.0.0.1',
  'control plane': 'control-plane address',
  everywhere: 'all addresses',
};

const audiences: Record<Audience, string> = {
  'API clients': '`firewall.apiServerFrom` and all nodes; default: anyone',
  hosts: 'all hosts',
  'control planes': 'control planes',
  'etcd members': 'other etcd members',
  'etcd clients': 'control planes, other etcd members',
  overlay: 'all nodes, workload plane',
};

function openTo({ openTo }: PortRow): string {
  return openTo ? audiences[openTo] : 'nobody';
}

function portOf({ port }: PortRow): string {
  if (typeof port === 'function') return `${defaults.repositoryPort}/tcp (\`repository.port\`)`;
  if (port === 'vrrp') return 'protocol 112 (VRRP)';
  return port.startsWith('0/') ? 'chosen by the kernel' : port;
}
