import { expect, test } from 'vitest';
import { findingLines } from '../../../src/cli/views/finding-lines.js';

test('findings are a table, in which hosts with the same finding share a row', () => {
  const swap = { check: 'Swap', level: 'error', message: 'swap is on: /dev/sda2', hint: 'swapoff -a' } as const;
  const cpu = { check: 'NumCPU', level: 'warning', message: '1 CPU; a control plane needs 2' } as const;

  const lines = findingLines([
    { host: 'cp1', ...swap },
    { host: 'cp1', ...cpu },
    { host: 'w1', ...swap },
  ]);

  expect(lines).toEqual([
    'HOST     FINDING         SEEN                            WHAT TO DO',
    'cp1, w1  error Swap      swap is on: /dev/sda2           swapoff -a',
    'cp1      warning NumCPU  1 CPU; a control plane needs 2',
  ]);
});

test('nothing found is no table', () => {
  expect(findingLines([])).toEqual([]);
});
