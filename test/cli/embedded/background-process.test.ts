import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isWanted, running, startInBackground, stop } from '../../../src/cli/embedded/background-process.js';

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'temper-state-'));
  process.env.TEMPER_STATE = state;
});

afterEach(() => rm(state, { recursive: true }));

const sleeper = { command: 'sleep', args: ['60'], version: '1' };

test('a process that was started is found again, and stopped', async () => {
  const { pid } = await startInBackground('worker', sleeper);

  expect(await running('worker')).toMatchObject({ pid, version: '1' });
  expect(await stop('worker', 5)).toBe(true);
  expect(await running('worker')).toBeUndefined();
  expect(isWanted('worker')).toBe(false);
});

test('a process is on record before it is what it will be, so that nobody can start it and not know it', async () => {
  const record = join(state, 'worker.json');

  const { pid } = await startInBackground('worker', { ...sleeper, command: 'cp', args: [record, join(state, 'seen')] });
  await expect.poll(() => running('worker')).toBeUndefined();

  expect(JSON.parse(readFileSync(join(state, 'seen'), 'utf8'))).toMatchObject({ pid, version: '1' });
});

test('a process that was killed is not running, but still wanted', async () => {
  const { pid } = await startInBackground('worker', sleeper);
  process.kill(pid, 'SIGKILL');

  await expect.poll(() => running('worker')).toBeUndefined();
  expect(isWanted('worker')).toBe(true);
});

test('somebody else with the same process id is left alone', async () => {
  const { pid } = await startInBackground('worker', sleeper);
  const file = join(state, 'worker.json');
  const record = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...record, startTime: 'another boot/1' }));

  expect(await running('worker')).toBeUndefined();
  expect(await stop('worker', 5)).toBe(false);
  expect(() => process.kill(pid, 0)).not.toThrow();
  process.kill(pid, 'SIGKILL');
});

test('a process that does not want to end is made to', async () => {
  await startInBackground('worker', {
    command: 'sh',
    args: ['-c', 'trap "" TERM; while :; do sleep 0.1; done'],
    version: '1',
  });
  await new Promise((resolve) => setTimeout(resolve, 300));

  expect(await stop('worker', 0.3)).toBe(true);
});
