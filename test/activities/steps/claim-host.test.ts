import { expect, test } from 'vitest';
import { claimHost } from '../../../src/activities/steps/claim-host.js';
import { hostClaimText } from '../../../src/cluster/host-record.js';

const claim = {
  cluster: 'prod',
  name: 'cp1',
  controlPlaneAddress: '10.0.0.11',
  workloadPlaneAddress: '10.0.1.11',
  settled: { pods: '10.233.0.0/16', services: '10.96.0.0/12', endpoint: '' },
};
const found = (text: string, hasJoined = false) => ({ text, hasJoined });

test('keeps the addresses that were chosen first', () => {
  const elsewhere = { ...claim, controlPlaneAddress: '10.9.0.11' };

  expect(claimHost.plan(elsewhere, found(hostClaimText(claim)))).toEqual([]);
});

test('follows the spec in what the cluster settles, until the host has joined', () => {
  const later = { ...claim, settled: { ...claim.settled, pods: '10.244.0.0/16' } };

  expect(claimHost.plan(later, found(hostClaimText(claim)))).toMatchObject([{ content: hostClaimText(later) }]);
  expect(claimHost.plan(later, found(hostClaimText(claim), true))).toEqual([]);
});

test.each([
  ['another cluster', hostClaimText({ ...claim, cluster: 'stage' }), 'says cp1 of cluster stage'],
  ['another node', hostClaimText({ ...claim, name: 'cp2' }), 'says cp2 of cluster prod'],
  ['something else', 'hello\n', 'says nothing that can be read'],
])('refuses a host that is claimed for %s', (_, text, message) => {
  expect(() => claimHost.plan(claim, found(text))).toThrow(message);
});
