import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { prepare } from './prepare.js';

/** `npm test`: everything that is checked, in one run; the last line says how many checks passed and failed. */
const counts = { passed: 0, failed: 0 };

await check('lint', ['eslint', '.']);
await check('format', ['prettier', '--check', '.']);
await check('types', ['tsc', '-p', 'tsconfig.check.json']);
// The unit tests need nothing, so they speak before the long builds begin.
await tests('unit');
await prepare((line) => console.log(line));
for (const project of ['workflow', 'parity', 'e2e']) await tests(project);

console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;

async function check(name: string, command: string[]): Promise<void> {
  console.log(`\n── ${name}`);
  count((await run(command)) === 0, 1);
}

async function tests(project: string): Promise<void> {
  console.log(`\n── ${project} tests`);
  const folder = await mkdtemp(join(tmpdir(), 'temper-test-'));
  const report = join(folder, 'report.json');
  const code = await run([
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${report}`,
  ]);
  const results = JSON.parse(await readFile(report, 'utf8').catch(() => '{}')) as Record<string, number>;
  await rm(folder, { recursive: true });
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = results;
  count(true, numPassedTests);
  // A test that did not run has not passed; and a file that could not be loaded has no tests, but fails the run.
  const notPassed = numFailedTests + numPendingTests + numTodoTests;
  count(false, notPassed > 0 ? notPassed : code === 0 && numPassedTests > 0 ? 0 : 1);
}

function count(passed: boolean, by: number): void {
  if (passed) counts.passed += by;
  else counts.failed += by;
}

function run([program, ...args]: string[]): Promise<number> {
  const child = spawn(join('node_modules/.bin', program!), args, { stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
