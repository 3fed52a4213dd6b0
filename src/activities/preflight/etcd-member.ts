import { isEtcdHost, type HostRecord } from '../../cluster/cluster.js';
import { memberAt } from '../../cluster/etcd-membership.js';
import { etcdPeerUrl } from '../../cluster/kubeadm/static-pods.js';
import type { HostLook } from '../calls.js';
import { askMembers } from '../etcd.js';
import { manifestPath } from '../static-pod.js';
import type { HostView } from '../step.js';
import type { Seen } from './seen.js';

/** How far a host of etcd has come. Whether its member votes, it is asked itself: no file says so. */
export async function readEtcdMember(
  { ask }: HostView,
  { isOurs, files }: Pick<Seen, 'isOurs' | 'files'>,
  host: HostRecord,
): Promise<HostLook['etcdMember']> {
  if (!isOurs || !isEtcdHost(host) || !files.includes(manifestPath('etcd'))) return undefined;
  const members = await askMembers((script, { args = [] } = {}) => ask(script, ...args));
  const own = members && memberAt(members, etcdPeerUrl(host));
  return own && !own.isLearner ? 'votes' : 'started';
}
