import { expect, test } from 'vitest';
import { planLines } from '../../../src/cli/views/plan-lines.js';

const change = {
  step: 'claimHost',
  kind: 'file',
  target: '/a',
  content: '',
  says: 'Write /a',
  diff: '--- /a\n+++ /a\n+x\n',
};

test('names each step once, and each change by its sentence', () => {
  const changes = [
    change,
    { ...change, target: '/b', says: 'Write /b' },
    { ...change, step: 'installPackages', says: 'Install kubelet' },
  ];

  expect(planLines([{ host: 'cp1', hash: 'h', changes, drift: [] }])).toEqual([
    'cp1: 3 changes',
    '  claimHost',
    '    Write /a',
    '    Write /b',
    '  installPackages',
    '    Install kubelet',
  ]);
});

test('shows what would stand in the files when diffs are wanted', () => {
  expect(planLines([{ host: 'cp1', hash: 'h', changes: [change], drift: [] }], { diffs: true })).toContain('      +x');
});

test('says so when there is nothing to do', () => {
  expect(planLines([{ host: 'cp1', hash: 'h', changes: [], drift: [] }])).toEqual(['cp1: nothing to do']);
});

test('shows apart what is other than cluster.yaml says, but not to be changed', () => {
  expect(planLines([{ host: 'cp1', hash: 'h', changes: [], drift: [change] }], { diffs: true })).toEqual([
    'cp1: nothing to do',
    '  1 thing of yours is other than cluster.yaml says, and left alone',
    '    /a',
    '      --- /a',
    '      +++ /a',
    '      +x',
  ]);
});
