import { expect, test } from 'vitest';
import { failuresOf, type TestReport } from '../../lab/test-report.js';

const passed = { ancestorTitles: [], title: 'works', status: 'passed', failureMessages: [] };

test('names each test that failed, with the first line of why', () => {
  const failed = {
    ancestorTitles: ['a host', 'that is cut off'],
    title: 'comes back',
    status: 'failed',
    failureMessages: [
      "\u001b[31mAssertionError: expected 'a\\nb' to be 'c'\u001b[39m\n    at /project/test/a.test.ts:2:147",
    ],
  };

  expect(failuresIn([passed, failed])).toEqual([
    "test/a.test.ts > a host > that is cut off > comes back: AssertionError: expected 'a\\nb' to be 'c'",
  ]);
});

test.each(['skipped', 'pending', 'todo'])('names a test that is %s: it has not passed', (status) => {
  expect(failuresIn([{ ...passed, status }])).toEqual([`test/a.test.ts > works: did not run (${status})`]);
});

test('names a file that could not be loaded, or failed around its tests', () => {
  expect(failuresIn([], 'no lab at all\nsecond line')).toEqual(['test/a.test.ts: no lab at all']);
});

test('has nothing to say of tests that passed', () => {
  expect(failuresIn([passed])).toEqual([]);
});

function failuresIn(assertionResults: TestReport['testResults'][number]['assertionResults'], message = '') {
  const file = { name: '/project/test/a.test.ts', message, assertionResults };
  return failuresOf({ numPassedTests: 0, testResults: [file] }, '/project');
}
