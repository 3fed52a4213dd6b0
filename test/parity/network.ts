import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A network of its own, without a way out, where `addresses` are local and each of `ports` leads to the Unix socket `socket`. */
export async function openNetwork(addresses: string[], ports: number[], socket: string): Promise<Network> {
  const script = `ip link set lo up; for address in $1; do ip address add "$address/32" dev lo; done; exec "$2" -e "$3" "$4" $5`;
  const args = [addresses.join(' '), process.execPath, relay, socket, ports.join(' ')];
  const holder = spawn('unshare', ['--net', 'sh', '-ec', script, 'sh', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'exit').then(() => Promise.reject(new Error('the network did not open')));
  await Promise.race([once(holder.stdout, 'data'), ended]);
  ended.catch(() => {});
  return { enter: ['nsenter', `--net=/proc/${holder.pid}/ns/net`], close: () => stop(holder) };
}

export interface Network {
  /** A command in front of which this stands runs in the network. */
  enter: string[];
  close(): Promise<void>;
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Plain JavaScript, because it runs in a process of its own. */
const relay = `
  const net = require('node:net');
  const [socket, ...ports] = process.argv.slice(1);
  const listening = ports.map((port) => new Promise((ready) => {
    const server = net.createServer((client) => {
      const upstream = net.connect(socket);
      client.on('error', () => upstream.destroy());
      upstream.on('error', () => client.destroy());
      client.pipe(upstream).pipe(client);
    });
    server.listen(Number(port), ready);
  }));
  Promise.all(listening).then(() => console.log('ready'));
`;
