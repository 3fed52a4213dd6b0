import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach } from 'vitest';
import type { CommandResult, RunOptions } from '../../src/host/door.js';
import type { Runs } from '../../src/host/fenced.js';

/** A door to a folder of this machine: scripts run by its `sh`, and find /var, /run and /etc below `root`. */
export interface LocalDoor extends Runs {
  root: string;
  /** How many scripts were run. */
  asked(): number;
}

const roots: string[] = [];

export async function localDoor(): Promise<LocalDoor> {
  const root = await mkdtemp(join(tmpdir(), 'temper-host-'));
  roots.push(root);
  const here = (text: string) => text.replaceAll(/\/(var|run|etc)\/(?=temper|lib\/temper)/g, `${root}/$1/`);
  const target = { name: 'h1', address: '127.0.0.1', port: 22, user: 'root', knownHosts: '/dev/null', sudo: false };
  let asked = 0;
  const run: LocalDoor['run'] = (script, options) => {
    asked += 1;
    return runHere(here(script), options);
  };
  return { root, target, run, asked: () => asked };
}

afterEach(async () => {
  for (const root of roots.splice(0)) await rm(root, { recursive: true, force: true });
});

function runHere(script: string, { args = [], stdin = '' }: RunOptions = {}): Promise<CommandResult> {
  const child = spawn('sh', ['-c', script, 'sh', ...args]);
  const result = { code: 0, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (result.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (result.stderr += chunk.toString()));
  child.stdin.on('error', () => {});
  if (stdin instanceof Readable) stdin.pipe(child.stdin);
  else child.stdin.end(stdin);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...result, code: code ?? 255 }));
  });
}
