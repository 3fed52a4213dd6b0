import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { prepare } from './prepare.js';
import { failuresOf, type TestReport } from './test-report.js';

/** `npm test`: everything that is checked, in one run; at the end stands what failed, and in the last line how many checks passed and failed. */
let passed = 0;
const failures: string[] = [];

// These need nothing, so they speak before the long builds begin.
await Promise.all([
  check('lint', ['eslint', '.']),
  check('format', ['prettier', '--check', '.']),
  check('types', ['tsc', '-p', 'tsconfig.check.json']),
  tests(['unit'], 2),
]);
await prepare((line) => console.log(line));
// A cluster takes processor time as long as it lives, so there are never more than two; the rest goes on where these wait.
await Promise.all([tests(['e2e'], 2), tests(['workflow', 'parity'], 1)]);

if (failures.length > 0) console.log(['\nfailed:', ...failures].join('\n  '));
console.log(`\n${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** What it says comes all at once, as others speak at the same time. */
async function check(name: string, command: string[]): Promise<void> {
  const child = start(command, 'pipe');
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => said.push(chunk));
  const code = await endOf(child);
  console.log(`\n── ${name}\n${Buffer.concat(said).toString().trim()}`);
  if (code === 0) passed++;
  else failures.push(name);
}

/** `atOnce`: so many files. */
async function tests(projects: string[], atOnce: number): Promise<void> {
  const name = `${projects.join(', ')} tests`;
  console.log(`\n── ${name}`);
  const folder = await mkdtemp(join(tmpdir(), 'temper-test-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile=${file}`];
  const chosen = projects.map((project) => `--project=${project}`);
  const code = await endOf(start(['vitest', 'run', `--maxWorkers=${atOnce}`, ...chosen, ...reporters], 'inherit'));
  const text = await readFile(file, 'utf8').catch(() => '{"numPassedTests": 0, "testResults": []}');
  await rm(folder, { recursive: true });
  const report = JSON.parse(text) as TestReport;
  const failed = failuresOf(report, process.cwd());
  passed += report.numPassedTests;
  failures.push(...failed);
  const isSilent = failed.length === 0 && (code !== 0 || report.numPassedTests === 0);
  if (isSilent) failures.push(`${name}: ${report.numPassedTests} passed, but vitest ended with ${code}`);
}

function start([program, ...args]: string[], output: 'inherit' | 'pipe'): ChildProcess {
  return spawn(join('node_modules/.bin', program!), args, { stdio: ['ignore', output, output] });
}

function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
