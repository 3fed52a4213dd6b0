import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

/** `node tcp-proxy.js PORT ADDRESS...`: passes each connection on to the first address that takes it, each time beginning with the next one. */
const [port, ...backends] = process.argv.slice(2);
let turn = 0;

createServer((client) => {
  client.on('error', () => client.destroy());
  void serve(client, turn++);
}).listen(Number(port));

async function serve(client: Socket, first: number): Promise<void> {
  for (let index = 0; index < backends.length; index++) {
    const backend = await connected(backends[(first + index) % backends.length]!);
    if (!backend) continue;
    backend.on('error', () => client.destroy());
    client.once('close', () => backend.destroy());
    client.pipe(backend).pipe(client);
    return;
  }
  client.destroy();
}

/** None when it is refused or does not answer within a second. */
async function connected(host: string): Promise<Socket | undefined> {
  const socket = connect({ host, port: Number(port) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(1000) });
    return socket;
  } catch {
    socket.on('error', () => {});
    socket.destroy();
    return undefined;
  }
}
