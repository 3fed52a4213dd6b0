import { expect, test } from 'vitest';
import { durationHours, goDuration, isGoDuration } from '../../../src/cluster/kubeadm/go-duration.js';

test.each([
  ['8760h', '8760h0m0s'],
  ['90s', '1m30s'],
  ['100ms', '100ms'],
  ['1.5s', '1.5s'],
  ['0', '0s'],
  ['-1h1s', '-1h0m1s'],
  ['1500us', '1.5ms'],
  ['20µs', '20µs'],
])('%s is written %s', (given, written) => {
  expect(goDuration(given)).toBe(written);
});

test.each(['', '1', '1d', 'h', '1h30'])("'%s' is no duration", (text) => {
  expect(isGoDuration(text)).toBe(false);
});

test('parts of an hour count', () => {
  expect(durationHours('2000h30m')).toBe(2000.5);
});
