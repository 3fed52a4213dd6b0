import { vi } from 'vitest';

import { containerFunctions } from '../../src/activities/containers.js';
import type { Fixture } from './fixture.js';

/** As the member on `host` knows them, such as 'cp1 votes'; sorted. One that is busy may need more than one question. */
export async function etcdMembers(fixture: Fixture, host: string): Promise<string[]> {
  return vi.waitUntil(
    async () => {
      const members = await etcdMembersAtOnce(fixture, host);
      return members.length > 0 && members;
    },
    { timeout: 30_000, interval: 500 },
  );
}

/** [] while it does not answer. */
export async function etcdMembersAtOnce({ lab }: Fixture, host: string): Promise<string[]> {
  const { stdout } = await lab.exec(
    host,
    `${containerFunctions}
    cd /etc/kubernetes/pki/etcd && inside etcd etcdctl --cacert=$PWD/ca.crt --cert=$PWD/healthcheck-client.crt \\
      --key=$PWD/healthcheck-client.key member list --consistency=s`,
  );
  const rows = stdout.split('\n').filter(Boolean);
  return rows
    .map((row) => row.split(', '))
    .map(([, , name, , , isLearner]) => `${name || 'unstarted'} ${isLearner === 'true' ? 'learns' : 'votes'}`)
    .sort();
}
