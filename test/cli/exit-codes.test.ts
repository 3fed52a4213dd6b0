import { expect, test } from 'vitest';
import { exitCodeOf } from '../../src/cli/exit-codes.js';

const rows: [string, number][] = [
  ['SPEC_INVALID', 2],
  ['HOST_UNFIT', 2],
  ['SSH_HOST_KEY_CHANGED', 2],
  ['COMMAND_FAILED', 1],
  ['PLAN_MOVED', 1],
  ['UNEXPECTED', 1],
  ['something new', 1],
  ['RUN_OPEN', 3],
  ['NO_SERVER', 4],
  ['NO_WORKER', 4],
  ['ABORTED', 5],
];
test.each(rows)('%s ends with %i', (code, exit) => {
  expect(exitCodeOf(code)).toBe(exit);
});
