import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, ClientChannel } from 'ssh2';
import { TemperError } from '../cluster/errors.js';
import { commandLine } from './command-line.js';
import { connect } from './connection.js';
import type { ConnectOptions } from './connection.js';
import { Places } from './places.js';
import { unreachable } from './ssh-errors.js';
import type { HostTarget } from './target.js';

export interface CommandResult {
  /** Exit code; 128 + signal number when a signal ended it. */
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** $1, $2 … of the script. Visible in the host's process list: no secrets. */
  args?: readonly string[];
  /** The way for secrets and for content. */
  stdin?: string | Buffer | Readable;
  /** Default: true. Through sudo when the target says so. */
  root?: boolean;
  /** Each piece of standard output as it comes. */
  onOutput?: (text: string) => void;
  signal?: AbortSignal;
}

/** sshd allows 10 sessions on a connection by default; two are left to spare. */
const sessionsAtOnce = 8;

/** Opens an authenticated connection and makes sure that root's commands can be run over it. */
export async function openDoor(target: HostTarget, options: ConnectOptions = {}): Promise<Door> {
  const door = new Door(target, await connect(target, options));
  try {
    await door.mustBeRoot();
  } catch (error) {
    door.close();
    throw error;
  }
  return door;
}

/** One SSH connection to a host: runs commands, nothing else. Reading and writing files are commands too. */
export class Door {
  readonly target: HostTarget;
  readonly #client: Client;
  readonly #places = new Places(sessionsAtOnce);
  #closed?: Error;

  constructor(target: HostTarget, client: Client) {
    this.target = target;
    this.#client = client;
    client.on('error', (error) => (this.#closed ??= error));
    client.once('close', () => (this.#closed ??= new Error('the connection was lost')));
  }

  get isOpen(): boolean {
    return !this.#closed;
  }

  /** Commands that run or wait for a place. */
  get load(): number {
    return this.#places.asked;
  }

  close(): void {
    this.#client.end();
  }

  /**
   * Runs `script` by `sh -c`. Never throws for an exit code; throws SSH_UNREACHABLE when the connection is lost, and then nobody knows whether the
   * command has ended.
   */
  async run(script: string, options: RunOptions = {}): Promise<CommandResult> {
    const sudo = (options.root ?? true) && this.target.sudo;
    const line = commandLine(script, options.args, sudo);
    return this.#places.use(async () => {
      options.signal?.throwIfAborted();
      return this.#session(line, options);
    });
  }

  async mustBeRoot(): Promise<void> {
    const { name, user, sudo } = this.target;
    const { code, stdout, stderr } = await this.run('id -u');
    if (code === 0 && stdout.trim() === '0') return;
    const seen = sudo ? `sudo -n does not work for ${user}: ${stderr.trim()}` : `${user} is not root`;
    const hint = sudo
      ? `on the host, as root: echo '${user} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/temper`
      : 'set ssh.sudo: true in cluster.yaml';
    throw new TemperError('SUDO_PASSWORD_NEEDED', `${name}: ${seen}`, { hint });
  }

  async #session(line: string, options: RunOptions): Promise<CommandResult> {
    for (let pause = 10; ; pause *= 2) {
      const result = await this.#trySession(line, options);
      if (result !== 'no place') return result;
      if (pause > 5000) throw unreachable(this.target, new Error('sshd allows no further session (MaxSessions)'));
      await sleep(pause, undefined, { signal: options.signal });
    }
  }

  /** sshd counts a session that is just being closed, so it may refuse one too many: then nothing was started. */
  #trySession(line: string, options: RunOptions): Promise<CommandResult | 'no place'> {
    return new Promise((resolve, reject) => {
      const lost = () => reject(unreachable(this.target, this.#closed ?? new Error('the connection was lost')));
      if (this.#closed) return lost();
      this.#client.once('close', lost);
      this.#client.exec(line, (error, channel) => {
        this.#client.off('close', lost);
        if (!error) {
          // A fast command's exit may be in the same packet, so nothing may be awaited before somebody listens.
          resolve(this.#result(channel, options));
        } else if ('reason' in error) resolve('no place');
        else reject(unreachable(this.target, error));
      });
    });
  }

  async #result(channel: ClientChannel, { stdin, onOutput, signal }: RunOptions): Promise<CommandResult> {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let code: number | undefined;
    channel.on('data', (chunk: Buffer) => {
      stdout.push(chunk);
      onOutput?.(chunk.toString());
    });
    channel.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    channel.once(
      'exit',
      (exit: number | null, name?: string) => (code = exit ?? 128 + (constants.signals[name as NodeJS.Signals] ?? 0)),
    );
    const ended = new Promise<void>((resolve, reject) => {
      const abort = () => {
        channel.close();
        reject(signal!.reason as Error);
      };
      signal?.addEventListener('abort', abort);
      channel.once('close', () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
    });
    await Promise.all([feed(channel, stdin), ended]);
    if (code === undefined)
      throw unreachable(this.target, this.#closed ?? new Error('the connection was lost in the middle of a command'));
    return { code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
  }
}

/** A command may end before it has read all: its exit code says whether that matters. */
async function feed(channel: ClientChannel, stdin: RunOptions['stdin']): Promise<void> {
  if (stdin === undefined || typeof stdin === 'string' || Buffer.isBuffer(stdin)) {
    channel.on('error', () => {});
    channel.end(stdin);
    return;
  }
  await pipeline(stdin, channel, { end: true }).catch((error: NodeJS.ErrnoException) => {
    if (stdin.errored) throw error;
  });
}
