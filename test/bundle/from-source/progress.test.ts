import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { duration, stopwatch } from '../../../bundle/from-source/progress.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a long build reports every ten seconds, with what is left as soon as that can be judged', () => {
  const lines: string[] = [];
  const watch = stopwatch('etcd: compiling packages', (line) => lines.push(line), 100);
  for (let second = 1; second <= 30; second++) {
    watch.step();
    vi.advanceTimersByTime(1000);
  }
  watch.stop();
  vi.advanceTimersByTime(60_000);

  expect(lines).toEqual([
    'etcd: compiling packages: 10 of 100, 10s',
    'etcd: compiling packages: 20 of 100, 20s, about 1m20s left',
    'etcd: compiling packages: 30 of 100, 30s, about 1m10s left',
    'etcd: compiling packages: done in 30s',
  ]);
});

test.each([
  [400, '0s'],
  [59_000, '59s'],
  [95_000, '1m35s'],
  [3_600_000, '60m00s'],
])('%i ms are shown as %s', (milliseconds, shown) => {
  expect(duration(milliseconds)).toBe(shown);
});
