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
  #usedAt = performance.now();

  constructor(target: HostTarget, client: Client) {
    this.target = target;
    this.#client = client;
    client.setMaxListeners(0);
    client.on('error', (error) => (this.#closed ??= error));
    client.once('close', () => (this.#closed ??= new Error('the connection was lost')));
  }

  get isOpen(): boolean {
    return !this.#closed;
  }

  /** Since the last command ended; 0 while one runs or waits for a place. */
  get idleSeconds(): number {
    return this.#places.asked > 0 ? 0 : (performance.now() - this.#usedAt) / 1000;
  }

  close(): void {
    this.#client.end();
  }

  /**
   * Runs `script` by `sh -c`. Never throws for an exit code; throws SSH_UNREACHABLE when the connection is lost, and then nobody knows whether the
   * command has ended.
   */
  async run(script: string, options: RunOptions = {}): Promise<CommandResult> {
    const result = await this.#run(script, options);
    // sudo ends with 1 too when it refuses, which is no answer of the script's.
    if (result.code === 1 && result.stdout === '' && this.#bySudo(options)) await this.mustBeRoot();
    return result;
  }

  async mustBeRoot(): Promise<void> {
    const { name, user, sudo } = this.target;
    const { code, stdout, stderr } = await this.#run('id -u');
    if (code === 0 && stdout.trim() === '0') return;
    const seen = sudo ? `sudo -n does not work for ${user}: ${stderr.trim()}` : `${user} is not root`;
    const hint = sudo
      ? `on the host, as root: echo '${user} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/temper`
      : 'set ssh.sudo: true in cluster.yaml';
    throw new TemperError('SUDO_PASSWORD_NEEDED', `${name}: ${seen}`, { hint });
  }

  #bySudo({ root = true }: RunOptions): boolean {
    return root && this.target.sudo;
  }

  async #run(script: string, options: RunOptions = {}): Promise<CommandResult> {
    const line = commandLine(script, options.args, this.#bySudo(options));
    try {
      return await this.#places.use(async () => {
        options.signal?.throwIfAborted();
        return this.#session(line, options);
      });
    } finally {
      this.#usedAt = performance.now();
    }
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
    const feeding = new AbortController();
    const fed = feed(channel, stdin, feeding.signal);
    // It may fail before anybody waits for it, below.
    fed.catch(() => {});
    // With the connection go all its channels, also one that is still being fed.
    const lost = () => void channel.destroy();
    this.#client.once('close', lost);
    const abort = () => channel.close();
    signal?.addEventListener('abort', abort);
    await new Promise((resolve) => channel.once('close', resolve));
    this.#client.off('close', lost);
    signal?.removeEventListener('abort', abort);
    feeding.abort();
    await fed;
    signal?.throwIfAborted();
    if (code === undefined)
      throw unreachable(this.target, this.#closed ?? new Error('the connection was lost in the middle of a command'));
    return { code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
  }
}

/** A command may end before it has read all: its exit code says whether that matters. Throws only what the source itself throws. */
async function feed(channel: ClientChannel, stdin: RunOptions['stdin'], signal: AbortSignal): Promise<void> {
  if (stdin === undefined || typeof stdin === 'string' || Buffer.isBuffer(stdin)) {
    channel.on('error', () => {});
    channel.end(stdin);
    return;
  }
  let failure: Error | undefined;
  stdin.once('error', (error) => (failure ??= error));
  await pipeline(stdin, channel, { signal }).catch(() => {});
  if (failure && !endedEarly.includes((failure as NodeJS.ErrnoException).code ?? '')) throw failure;
}

/** What a pipeline tells its source when the other end stopped taking. */
const endedEarly = ['ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR', 'EPIPE'];
