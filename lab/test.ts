import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { prepare } from './prepare.js';
import { failuresOf, type TestReport } from './test-report.js';

/** `npm test`: everything that is checked, in one run; at the end stands what failed, and in the last line how many checks passed and failed. */
let passed = 0;
const failures: string[] = [];

await check('lint', ['eslint', '.']);
await check('format', ['prettier', '--check', '.']);
await check('types', ['tsc', '-p', 'tsconfig.check.json']);
// The unit tests need nothing, so they speak before the long builds begin.
await tests('unit');
await prepare((line) => console.log(line));
for (const project of ['workflow', 'parity', 'e2e']) await tests(project);

if (failures.length > 0) console.log(['\nfailed:', ...failures].join('\n  '));
console.log(`\n${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function check(name: string, command: string[]): Promise<void> {
  console.log(`\n── ${name}`);
  if ((await run(command)) === 0) passed++;
  else failures.push(name);
}

async function tests(project: string): Promise<void> {
  console.log(`\n── ${project} tests`);
  const folder = await mkdtemp(join(tmpdir(), 'temper-test-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile=${file}`];
  const code = await run(['vitest', 'run', '--project', project, ...reporters]);
  const text = await readFile(file, 'utf8').catch(() => '{"numPassedTests": 0, "testResults": []}');
  await rm(folder, { recursive: true });
  const report = JSON.parse(text) as TestReport;
  const failed = failuresOf(report, process.cwd());
  passed += report.numPassedTests;
  failures.push(...failed);
  const isSilent = failed.length === 0 && (code !== 0 || report.numPassedTests === 0);
  if (isSilent) failures.push(`${project} tests: ${report.numPassedTests} passed, but vitest ended with ${code}`);
}

function run([program, ...args]: string[]): Promise<number> {
  const child = spawn(join('node_modules/.bin', program!), args, { stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
