import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

test('what was killed comes back with the next command, on the same port and with the same memory', async () => {
  const { temper, pid } = await freshState();
  const first = await temper('up');
  expect(first.started).toEqual(['server', 'worker']);

  process.kill(await pid('server'), 'SIGKILL');
  process.kill(await pid('worker'), 'SIGKILL');
  const second = await temper('up');

  expect(second.started).toEqual(['server', 'worker']);
  expect(second.address).toBe(first.address);
  expect(await temper('up')).toMatchObject({ started: [] });
});

test('down stops both, and says so', async () => {
  const { temper, pid } = await freshState();
  await temper('up');
  const pids = [await pid('server'), await pid('worker')];

  expect(await temper('down')).toEqual({ stopped: ['worker', 'server'] });
  for (const each of pids) expect(await runs(each)).toBe(false);
  expect(await temper('down')).toEqual({ stopped: [] });
});

test('a configured server that does not answer is said so: exit code 4', async () => {
  const { env } = await freshState();
  const dead = { ...env, TEMPORAL_ADDRESS: '127.0.0.1:1' };

  const failed = promisify(execFile)('node', [main, 'up'], { env: dead });

  await expect(failed).rejects.toMatchObject({ code: 4, stderr: expect.stringContaining('NO_SERVER') });
});

test('two that start at once start one server and one worker', async () => {
  const { temper } = await freshState();

  const [one, other] = await Promise.all([temper('up'), temper('up')]);

  expect([...one.started, ...other.started].sort()).toEqual(['server', 'worker']);
  expect(one.address).toBe(other.address);
});

/** A zombie that nobody has buried yet does not run. */
async function runs(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !stat.includes(') Z ');
}

/** The built command line with a state folder of its own; everything is stopped when the test ends. */
async function freshState() {
  const state = await mkdtemp(join(tmpdir(), 'temper-up-'));
  const env = { ...process.env, TEMPER_STATE: state, TEMPORAL_CONFIG_FILE: join(state, 'none.toml') };
  const temper = async (command: string): Promise<Record<string, string[]> & { started: string[] }> => {
    const { stdout } = await promisify(execFile)('node', [main, command, '--json'], { env });
    return JSON.parse(stdout);
  };
  const pid = async (name: string): Promise<number> =>
    JSON.parse(await readFile(join(state, `${name}.json`), 'utf8')).pid;
  onTestFinished(async () => {
    await temper('down');
    await rm(state, { recursive: true });
  });
  return { temper, pid, env };
}
