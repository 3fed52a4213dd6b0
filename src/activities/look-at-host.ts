import type { BundleSummary } from '../cluster/bundle.js';
import { paths } from '../cluster/paths.js';
import type { ClusterSpec } from '../cluster/spec.js';
import type { HostLook } from './calls.js';
import { hasJoined } from './has-joined.js';
import { preflight } from './preflight/preflight.js';
import { recordOf } from './preflight/record.js';
import { readEtcdMember } from './preflight/etcd-member.js';
import { readVirtualIpHolder } from './preflight/virtual-ip.js';
import { readSeen } from './preflight/seen.js';
import { manifestPath } from './static-pod.js';
import type { HostView } from './step.js';

/** Reads what the host `hostName` of the spec is, chooses its addresses, and says all that speaks against it. Changes nothing. */
export async function lookAtHost(
  view: HostView,
  spec: ClusterSpec,
  hostName: string,
  bundle: BundleSummary,
): Promise<HostLook> {
  const host = spec.hosts.find(({ name }) => name === hostName);
  if (!host) throw new RangeError(`no host ${hostName} in cluster ${spec.name}`);
  const [seen, fence, joined, virtualIpHolder] = await Promise.all([
    readSeen(view, { spec, bundle, host }),
    view.facts.text(paths.fence),
    hasJoined(view.facts),
    readVirtualIpHolder(view, spec, host),
  ]);
  const { present, hasKey } = seen.clusterCa;
  const hasApiServer = seen.isOurs && seen.files.includes(manifestPath('kube-apiserver'));
  const record = recordOf(seen);
  return {
    record,
    clusterCa: seen.isOurs && hasKey ? present : undefined,
    virtualIpHolder,
    hasApiServer,
    hasJoined: seen.isOurs && joined,
    etcdServers: hasApiServer ? etcdServersIn(await view.facts.text(manifestPath('kube-apiserver'))) : undefined,
    etcdMember: record && (await readEtcdMember(view, seen, record)),
    generation: Number.parseInt(fence ?? '0', 10),
    findings: preflight(seen),
  };
}

function etcdServersIn(manifest = ''): string[] | undefined {
  return /--etcd-servers=(\S+)/.exec(manifest)?.[1]?.split(',');
}
