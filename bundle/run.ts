import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Runs a command on this machine and returns its stdout. Throws with the whole stderr unless it ends with 0. */
export async function run(argv: string[], options: RunOptions = {}): Promise<string> {
  const [file, ...args] = argv as [string, ...string[]];
  const child = spawn(file, args, { cwd: options.cwd, env: { ...process.env, ...options.env }, stdio: 'pipe' });
  const stdout: Buffer[] = [];
  const stderr: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  createInterface({ input: child.stderr }).on('line', (line) => {
    stderr.push(line);
    options.onStderr?.(line);
  });
  // A command that does not read its input closes it; its exit code says whether that was a failure.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const ending = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  if (ending !== 0) throw new Error(`${argv.join(' ')} ended with ${ending}:\n${stderr.join('\n')}`);
  return String(Buffer.concat(stdout));
}

export interface RunOptions {
  cwd?: string;
  /** Added to the environment of this process. */
  env?: Record<string, string>;
  input?: string;
  onStderr?: (line: string) => void;
}
