import { expect, test } from 'vitest';
import { commandOf } from '../../src/workflows/messages.js';
import { membersAnd, nothingToJoinFindings } from '../../src/workflows/additions.js';

const member = { name: 'cp1', generation: 3, clusterCa: 'sha256:ca', findings: [] };
const newcomer = { name: 'w1', generation: 0, findings: [] };
const another = { name: 'w2', generation: 0, findings: [] };

test('takes in who is named, and keeps who is in', () => {
  expect(membersAnd(['w2'], [member, newcomer, another])).toEqual([member, another]);
});

test('keeps a member that is named as well', () => {
  expect(membersAnd(['cp1'], [member, newcomer])).toEqual([member]);
});

test('finds that there is no cluster to join', () => {
  expect(nothingToJoinFindings([newcomer, another], ['w1'])).toMatchObject([{ host: 'w1', check: 'CLUSTER_MISSING' }]);
  expect(nothingToJoinFindings([member, newcomer], ['w1'])).toEqual([]);
});

test.each([
  [{ file: '/c.yaml', without: '', add: 'w1 w2' }, 'temper node add w1 w2 --file /c.yaml'],
  [{ file: '/c.yaml', without: 'w1 w2', add: '' }, 'temper bootstrap /c.yaml --without w1 --without w2'],
  [{}, 'temper bootstrap cluster.yaml'],
])('a run with the memo %j is followed by %s', (memo, command) => {
  expect(commandOf(memo)).toBe(command);
});
