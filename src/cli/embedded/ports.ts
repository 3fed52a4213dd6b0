import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { stateFolder } from '../../worker/settings.js';

export interface Ports {
  server: number;
  ui: number;
}

/** Temporal's own defaults, for which people have bookmarks. */
const usual: Ports = { server: 7233, ui: 8233 };

/** The ports of the embedded server, as they were chosen; chosen now if never before. */
export async function keptPorts(): Promise<Ports | undefined> {
  const text = await readFile(portsFile(), 'utf8').catch(() => undefined);
  return text ? (JSON.parse(text) as Ports) : undefined;
}

/** The kept ports, or the usual ones, or any free ones: the first pair that nobody listens on. Kept for the next time. */
export async function choosePorts(): Promise<Ports> {
  const ports = await firstFree([await keptPorts(), usual]);
  await writeFile(portsFile(), `${JSON.stringify(ports)}\n`);
  return ports;
}

async function firstFree(candidates: (Ports | undefined)[]): Promise<Ports> {
  for (const ports of candidates) {
    if (ports && (await isFree(ports.server)) && (await isFree(ports.ui))) return ports;
  }
  return { server: await anyFree(), ui: await anyFree() };
}

async function isFree(port: number): Promise<boolean> {
  return listen(port).then(
    () => true,
    () => false,
  );
}

async function anyFree(): Promise<number> {
  return listen(0);
}

function listen(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const { port: bound } = server.address() as { port: number };
      server.close(() => resolve(bound));
    });
  });
}

function portsFile(): string {
  return join(stateFolder(), 'ports.json');
}
