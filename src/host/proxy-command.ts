import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { Duplex } from 'node:stream';
import { TemperError } from '../cluster/errors.js';
import type { HostTarget } from './target.js';

/** The stream of `target.proxyCommand`: its standard input and output are the connection, as with ssh_config's ProxyCommand. */
export function proxyStream(target: HostTarget, command: string): Duplex {
  const values: Record<string, string> = {
    '%h': target.address,
    '%p': String(target.port),
    '%r': target.user,
    '%%': '%',
  };
  for (const value of [target.address, target.user]) {
    if (/[^\w.:@%-]/.test(value))
      throw new TemperError('SPEC_INVALID', `${target.name}: ${value} cannot stand in a proxy command`);
  }
  const line = command.replace(/%[hpr%]/g, (hole) => values[hole]!);
  return new ProxyStream(spawn('sh', ['-c', `exec ${line}`], { stdio: 'pipe' }));
}

class ProxyStream extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;
  #complaint = '';

  constructor(child: ChildProcessWithoutNullStreams) {
    super();
    this.#child = child;
    child.stdout.on('data', (chunk: Buffer) => this.push(chunk) || child.stdout.pause());
    child.stderr.on('data', (chunk: Buffer) => (this.#complaint = (this.#complaint + chunk.toString()).slice(-500)));
    // What cannot be written any more is told by the exit.
    child.stdin.on('error', () => {});
    child.once('error', (error) => this.destroy(error));
    child.once('close', (code) => this.#ended(code));
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#child.stdin.write(chunk)) done();
    else this.#child.stdin.once('drain', () => done());
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child.kill();
    done(error);
  }

  #ended(code: number | null): void {
    if (code) {
      const said = this.#complaint.trim() || 'it said nothing';
      this.destroy(new Error(`the proxy command ended with ${code}: ${said}`));
      return;
    }
    // What came before has to be read first; after it nothing can be written either.
    this.once('end', () => this.destroy());
    this.push(null);
  }
}
