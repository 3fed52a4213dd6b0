import { expect, test } from 'vitest';
import { claimHost } from '../../../src/activities/steps/claim-host.js';
import { hostClaimText } from '../../../src/cluster/host-record.js';

const claim = {
  cluster: 'prod',
  name: 'cp1',
  controlPlaneAddress: '10.0.0.11',
  workloadPlaneAddress: '10.0.1.11',
};

test('keeps the addresses that were chosen first', () => {
  const elsewhere = { ...claim, controlPlaneAddress: '10.9.0.11' };

  expect(claimHost.plan(elsewhere, hostClaimText(claim))).toEqual([]);
});

test.each([
  ['another cluster', hostClaimText({ ...claim, cluster: 'stage' }), 'says cp1 of cluster stage'],
  ['another node', hostClaimText({ ...claim, name: 'cp2' }), 'says cp2 of cluster prod'],
  ['something else', 'hello\n', 'says nothing that can be read'],
])('refuses a host that is claimed for %s', (_, text, message) => {
  expect(() => claimHost.plan(claim, text)).toThrow(message);
});
