import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.js';
import { runsEtcd } from '../cluster/cluster.js';
import type { Cluster } from '../cluster/cluster.js';
import { etcdPeerUrl } from '../cluster/kubeadm/static-pods.js';
import { failureOf } from './failure.js';
import type { RunStatus } from './messages.js';
import { patience } from './patience.js';
import type { QuarantineRules } from './quarantine.js';
import { admitting, isBootstrapHost, isFirstControlPlane } from './runbook/roles.js';

/** What is asked of a run to know whether it can do without a host. */
export interface RunSoFar {
  status(): RunStatus;
  /** Asked only when the hosts were looked at. */
  cluster(): Cluster;
  /** The cluster stands, so its etcd counts votes. */
  isMade(): boolean;
}

const looking = proxyActivities<Activities>(patience.look);

/** Which hosts a run cannot do without. */
export function quarantineRules(run: RunSoFar): Pick<QuarantineRules, 'whyNot' | 'risk'> {
  return {
    whyNot: (host) =>
      ['looking', 'planning', 'waiting for approval'].includes(run.status())
        ? 'No host is worked on yet; a new run may leave hosts out: --without NAME.'
        : whyNeeded(run.cluster(), host),
    risk: async (host) => (run.isMade() ? quorumRiskWithout(run.cluster(), host) : undefined),
  };
}

function whyNeeded(cluster: Cluster, name: string): string | undefined {
  const host = cluster.hosts.find((each) => each.name === name);
  if (!host) return `${cluster.spec.name} has no host ${name}.`;
  if (isBootstrapHost(cluster, host)) return `${name} serves packages and images to all others.`;
  if (isFirstControlPlane(cluster, host)) return `${name} lets all others in.`;
  return host.roles.includes('etcd') ? `${name} is one of the etcd hosts that the API servers are told of.` : undefined;
}

/** A host that votes in etcd counts as away when nobody looks after it. */
async function quorumRiskWithout(cluster: Cluster, name: string): Promise<string | undefined> {
  const host = cluster.hosts.find((each) => each.name === name)!;
  if (!runsEtcd(cluster, host)) return undefined;
  const { host: asked } = admitting(cluster);
  const options = { ...patience.look, summary: `${asked.name}: does etcd do without ${name}?` };
  try {
    return await looking.quorumRiskWithout.executeWithOptions(options, [{ host: asked, peerUrl: etcdPeerUrl(host) }]);
  } catch (error) {
    return failureOf(error).message;
  }
}
