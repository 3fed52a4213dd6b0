import { expect, test } from 'vitest';
import { differences } from '../../src/cli/differences.js';

const rows: [string, unknown, unknown, string[]][] = [
  ['nothing', { a: { b: 1 } }, { a: { b: 1 } }, []],
  ['a value deep down', { a: { b: 1 } }, { a: { b: 2 } }, ['a.b']],
  ['an entry of a list', { hosts: [{ address: '1' }] }, { hosts: [{ address: '2' }] }, ['hosts[0].address']],
  ['an entry more', { hosts: ['x'] }, { hosts: ['x', 'y'] }, ['hosts[1]']],
  ['a key that one lacks', {}, { salt: { enabled: true } }, ['salt']],
];
test.each(rows)('finds %s', (_what, a, b, paths) => {
  expect(differences(a, b)).toEqual(paths);
});
