import { readFile } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import ssh2 from 'ssh2';
import type { Client, ClientChannel, ConnectConfig } from 'ssh2';
import { TemperError } from '../cluster/errors.js';
import { HostKeyCheck } from './host-key-check.js';
import { proxyStream } from './proxy-command.js';
import { unreachable } from './ssh-errors.js';
import type { HostTarget } from './target.js';

export interface ConnectOptions {
  /** Write a host key down that known_hosts does not have yet. A changed one is refused all the same. */
  acceptNew?: boolean;
  signal?: AbortSignal;
}

/** Silent for fifteen seconds, the connection counts as dead. A busy host may well be silent for three: it lost its commands so. */
const keepAlive = { keepaliveInterval: 5000, keepaliveCountMax: 2 };
const readyTimeout = 10_000;

/** An authenticated connection to a host whose key was checked. Throws SSH_… errors that name what the user can do. */
export async function connect(target: HostTarget, options: ConnectOptions = {}): Promise<Client> {
  const hostKey = await HostKeyCheck.of(target, options.acceptNew ?? false);
  const credentials = await credentialsOf(target);
  const sock = await socketOf(target, options);
  const client = new ssh2.Client();
  const config: ConnectConfig = {
    ...keepAlive,
    ...credentials,
    readyTimeout,
    sock,
    host: target.address,
    port: target.port,
    username: target.user,
    algorithms: { serverHostKey: hostKey.algorithms },
    hostVerifier: (key: Buffer) => hostKey.accepts(key),
  };
  try {
    await ready(client, config, options.signal);
  } catch (error) {
    sock?.destroy();
    options.signal?.throwIfAborted();
    throw hostKey.problem() ?? (isRefusedLogin(error) ? loginRefused(target) : unreachable(target, error));
  }
  await hostKey.remember();
  return client;
}

function ready(client: Client, config: ConnectConfig, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => client.destroy();
    const settle = (settled: () => void) => {
      signal?.removeEventListener('abort', abort);
      settled();
    };
    client.once('ready', () => settle(resolve));
    client.on('error', (error) => settle(() => reject(error)));
    client.once('close', () => settle(() => reject(new Error('the connection was closed before the login'))));
    signal?.addEventListener('abort', abort);
    client.connect(config);
  });
}

async function credentialsOf(target: HostTarget): Promise<Pick<ConnectConfig, 'privateKey' | 'agent'>> {
  if (!target.identityFile) {
    const agent = process.env.SSH_AUTH_SOCK;
    if (agent) return { agent };
    throw new TemperError('SSH_AUTH_FAILED', `${target.name}: no ssh.identityFile is set, and no SSH agent runs`, {
      hint: 'set ssh.identityFile in cluster.yaml, or start an agent: eval "$(ssh-agent)" && ssh-add',
    });
  }
  const file = target.identityFile;
  const unreadable = (why: string, hint: string) =>
    new TemperError('SSH_KEY_UNREADABLE', `${target.name}: ssh.identityFile ${file}: ${why}`, { hint });
  const privateKey = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(error.code ?? error.message, `ls -l ${file}`);
  });
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error) {
    if (/encrypted|passphrase/i.test(parsed.message))
      throw unreadable('it has a passphrase', `put it into an agent (ssh-add ${file}) and leave ssh.identityFile out`);
    throw unreadable('it is not a private key', `ssh-keygen -y -f ${file} says what it is`);
  }
  return { privateKey };
}

/** The stream to connect over, when it is not a plain TCP connection. */
async function socketOf(target: HostTarget, options: ConnectOptions): Promise<Duplex | undefined> {
  if (target.proxyCommand) return proxyStream(target, target.proxyCommand);
  if (!target.bastion) return undefined;
  const [, user = target.user, address, port = '22'] = /^(?:([^@]+)@)?(.+?)(?::(\d+))?$/.exec(target.bastion)!;
  const bastion = {
    ...target,
    name: `bastion ${target.bastion}`,
    user,
    address: address!,
    port: Number(port),
    bastion: undefined,
  };
  const client = await connect(bastion, options);
  const stream = await new Promise<ClientChannel>((resolve, reject) =>
    client.forwardOut('127.0.0.1', 0, target.address, target.port, (error, channel) =>
      error ? reject(unreachable(target, error)) : resolve(channel),
    ),
  ).catch((error: unknown) => {
    client.end();
    throw error;
  });
  stream.once('close', () => client.end());
  return stream;
}

function isRefusedLogin(error: unknown): boolean {
  return (error as { level?: string }).level === 'client-authentication';
}

function loginRefused(target: HostTarget): TemperError {
  const key = target.identityFile ?? 'every key of the SSH agent';
  const hint = target.identityFile
    ? `ssh-copy-id -i ${target.identityFile}.pub ${target.user}@${target.address}`
    : 'ssh-add -l';
  return new TemperError(
    'SSH_AUTH_FAILED',
    `${target.name} (${target.address}): the server refused ${key} for user ${target.user}`,
    { hint },
  );
}
