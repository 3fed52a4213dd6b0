import { spawn } from 'node:child_process';

/** Runs a command on this machine and returns what it said, whatever its exit code. */
export async function run(argv: string[], options: RunOptions = {}): Promise<CommandResult> {
  const [file, ...args] = argv as [string, ...string[]];
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'pipe' });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.once('error', reject);
    // A command that does not read its input closes it; its exit code says whether that was a failure.
    child.stdin.on('error', () => {});
    child.once('close', (code, signal) =>
      resolve({
        stdout: String(Buffer.concat(stdout)),
        stderr: String(Buffer.concat(stderr)),
        code: code ?? signal ?? -1,
      }),
    );
    child.stdin.end(options.input ?? '');
  });
}

/** Like `run`, but throws with the whole stderr unless the command ended with 0. */
export async function runOrThrow(argv: string[], options: RunOptions = {}): Promise<CommandResult> {
  const result = await run(argv, options);
  if (result.code !== 0) throw new Error(`${argv.join(' ')} ended with ${result.code}: ${result.stderr.trim()}`);
  return result;
}

export interface RunOptions {
  input?: string;
}

export interface CommandResult {
  stdout: string;
  stderr: string;
  /** Exit code, or the name of the signal that ended the command. */
  code: number | string;
}
