import type { EtcdManifestChange, EtcdMemberChange } from '../../src/activities/changes/change.js';
import { render } from '../../src/activities/render.js';
import type { CommandResult } from '../../src/activities/step.js';
import {
  initialCluster,
  isStarted,
  memberAt,
  neverCameToLife,
  type EtcdMember,
} from '../../src/cluster/etcd-membership.js';
import { membersPlaceholder } from '../../src/cluster/kubeadm/static-pods.js';
import { paths } from '../../src/cluster/paths.js';
import { runningContainers, sha256, textOf, type FakeHost } from './fake-host.js';

/** The etcd of a fake world: its members, known to every host. */
export type FakeEtcd = Omit<EtcdMember, 'status'>[];

/** What etcd does by itself once the kubelet runs it: a member that was added starts; the first one makes the cluster. Returns its data directory. */
export function startEtcd(host: FakeHost): string | undefined {
  if (!('etcd' in runningContainers(host))) return undefined;
  const option = (name: string) => optionOf(textOf(host, `${paths.manifests}/etcd.yaml`)!, name)!;
  const peerUrl = option('initial-advertise-peer-urls');
  const clientUrls = [option('advertise-client-urls')];
  const own = host.etcd.find(({ peerUrls }) => peerUrls.includes(peerUrl));
  if (!own && host.etcd.length > 0) return undefined;
  if (!own) host.etcd.push({ ...added(peerUrl), name: option('name'), clientUrls, isLearner: false });
  else if (!own.name) Object.assign(own, { name: option('name'), clientUrls });
  return option('data-dir');
}

/** As `etcdctl member list` and `endpoint status` do, on a host whose etcd runs. */
export function listMembers(host: FakeHost): Partial<CommandResult> {
  if (!('etcd' in runningContainers(host))) return { code: 1 };
  const rows = host.etcd.map(({ id, name, peerUrls, clientUrls, isLearner }) =>
    [id, name ? 'started' : 'unstarted', name, peerUrls.join(), clientUrls.join(), isLearner].join(', '),
  );
  const statuses = host.etcd.flatMap(({ clientUrls }) =>
    clientUrls.map((url) => ({ Endpoint: url, Status: { leader: 1, raftAppliedIndex: 9 } })),
  );
  return { stdout: `${rows.join('\n')}\n\n${JSON.stringify(statuses)}\n` };
}

export function changeMembers(host: FakeHost, change: EtcdMemberChange): void {
  if (!('etcd' in runningContainers(host))) throw new Error('etcd does not run');
  const index = host.etcd.findIndex(({ peerUrls }) => peerUrls.includes(change.peerUrl));
  switch (change.action) {
    case 'remove':
      host.etcd.splice(0, Infinity, ...host.etcd.filter(({ id }) => id !== change.id));
      return;
    case 'add':
      if (index < 0) host.etcd.push(added(change.peerUrl));
      return;
    case 'withdraw':
      if (host.etcd[index] && neverCameToLife(host.etcd[index])) host.etcd.splice(index, 1);
      return;
    case 'promote':
      if (!isStarted(host.etcd[index]!)) throw new Error(`${change.name} has not started`);
      host.etcd[index]!.isLearner = false;
  }
}

export function etcdManifestText({ etcd }: FakeHost, { path, pod, ...own }: EtcdManifestChange): string {
  if (!memberAt(etcd, own.peerUrl)) throw new Error(`etcd has no member at ${own.peerUrl}`);
  const args = pod.args.map((argument) => argument.replace(membersPlaceholder, initialCluster(etcd, own)));
  return render(path, { pod: { ...pod, args } });
}

function added(peerUrl: string): FakeEtcd[number] {
  return { id: sha256(peerUrl).slice(0, 16), name: '', peerUrls: [peerUrl], clientUrls: [], isLearner: true };
}

function optionOf(manifest: string, name: string): string | undefined {
  return new RegExp(`^    - --${name}=(.*)$`, 'm').exec(manifest)?.[1];
}
