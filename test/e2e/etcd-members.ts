import type { Fixture } from './fixture.js';

/** As the member on `host` knows them, such as 'cp1 votes'; sorted. [] while it does not answer. */
export async function etcdMembers({ lab }: Fixture, host: string): Promise<string[]> {
  const { stdout } = await lab.exec(
    host,
    `id=$(ctr -n k8s.io containers ls -q 'labels."io.kubernetes.container.name"==etcd' | tail -n 1)
    cd /etc/kubernetes/pki/etcd && ctr -n k8s.io tasks exec --exec-id "test-$$" "$id" etcdctl --cacert=$PWD/ca.crt \\
      --cert=$PWD/healthcheck-client.crt --key=$PWD/healthcheck-client.key member list --consistency=s`,
  );
  const rows = stdout.split('\n').filter(Boolean);
  return rows
    .map((row) => row.split(', '))
    .map(([, , name, , , isLearner]) => `${name || 'unstarted'} ${isLearner === 'true' ? 'learns' : 'votes'}`)
    .sort();
}
