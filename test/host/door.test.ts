import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Client } from 'ssh2';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Door } from '../../src/host/door.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('is idle from the end of its last command on, however short that was and whenever somebody looks', async () => {
  const door = new Door(target, clientWhoseCommandsTake(100) as unknown as Client);

  for (let round = 0; round < 60; round++) {
    const asked = door.run('true');
    await vi.advanceTimersByTimeAsync(50);
    expect(door.idleSeconds).toBe(0);
    await vi.advanceTimersByTimeAsync(950);
    await asked;
    expect(door.idleSeconds).toBeCloseTo(0.9);
  }
  await vi.advanceTimersByTimeAsync(30_000);
  expect(door.idleSeconds).toBeGreaterThan(30);
});

const target = { name: 'cp1', address: '10.0.0.11', port: 22, user: 'root', sudo: false, knownHosts: '/dev/null' };

/** Answers each command with exit code 0 after so many milliseconds. */
function clientWhoseCommandsTake(milliseconds: number) {
  const exec = (_line: string, started: (error: undefined, channel: unknown) => void) => {
    const channel = Object.assign(new PassThrough({ emitClose: false }), { stderr: new PassThrough(), close() {} });
    channel.resume();
    started(undefined, channel);
    setTimeout(() => {
      channel.emit('exit', 0);
      channel.emit('close');
    }, milliseconds);
  };
  return Object.assign(new EventEmitter(), { exec, end() {} });
}
