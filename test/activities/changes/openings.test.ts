import { expect, it } from 'vitest';
import { openings } from '../../../src/activities/changes/openings.js';
import type { Writer } from '../../../src/activities/changes/writer.js';
import { openingsOf, richRule, waysOf } from '../../../src/cluster/openings.js';
import { sampleCluster, sampleHost } from '../../sample-cluster.js';
import { localWriter } from './writer.js';

const peer = { ...sampleHost, name: 'w1', controlPlaneAddress: '10.0.0.21', workloadPlaneAddress: '10.0.1.21' };
const peers = [peer, { ...peer, name: 'w2', controlPlaneAddress: '10.0.0.22', workloadPlaneAddress: '10.0.1.22' }];
const wanted = openingsOf({ ...sampleCluster(), hosts: [sampleHost, ...peers] }, sampleHost);
const change = {
  kind: 'openings' as const,
  richRules: waysOf(wanted).map(richRule),
  trustedSources: wanted.trustedSources,
};

it('says in one line what is opened, and to how many', () => {
  expect(openings.describe(change)).toBe(
    'Open the firewall: 8443/tcp from 2 addresses, 4505/tcp from 2 addresses, 4506/tcp from 2 addresses, ' +
      '2379/tcp from 2 addresses, 2380/tcp from 2 addresses, 6443/tcp from anywhere, 10250/tcp from 2 addresses, ' +
      '8472/udp from 2 addresses, trust 10.233.0.0/16',
  );
});

it.each([
  ['10.233.0.7 50000 10.0.0.11 22', /10\.233\.0\.0\/16 would become trusted/],
  ['fd00::7 50000 fd00::11 22', undefined],
  ['10.0.0.7 50000 10.0.0.11 22', undefined],
])('looks whether the SSH client would become trusted: %s', async (connection, refusal) => {
  const written: string[] = [];
  const writer: Writer = {
    ...(await localWriter()),
    ask: async () => ({ code: 0, stdout: connection, stderr: '' }),
    write: async (what) => (written.push(what), ''),
    knock: async () => {},
  };

  const applying = openings.apply(writer, [change]);

  if (refusal) await expect(applying).rejects.toThrow(refusal);
  else await applying;
  expect(written.length).toBe(refusal ? 0 : 2);
});
