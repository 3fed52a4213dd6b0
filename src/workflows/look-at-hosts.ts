import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.js';
import type { HostFinding, HostLook } from '../activities/calls.js';
import type { BundleSummary } from '../cluster/bundle.js';
import { clusterOf } from '../cluster/cluster.js';
import type { Cluster } from '../cluster/cluster.js';
import { etcdFindings } from '../cluster/etcd-findings.js';
import type { ClusterSpec } from '../cluster/spec.js';
import { virtualIpFindings } from '../cluster/virtual-ip-findings.js';
import { membersAnd, nothingToJoinFindings } from './additions.js';
import { failureOf } from './failure.js';
import { findingOf, mustBeFit } from './findings.js';
import { hostTarget } from './host-target.js';
import { onEach } from './line.js';
import type { BootstrapInput } from './messages.js';
import { oneClusterFindings } from './one-cluster.js';
import { patience } from './patience.js';

/** What the hosts were before this run touched them. */
export interface Sight {
  cluster: Cluster;
  /** The one this run writes with: above all that the hosts know. */
  generation: number;
  hasApiServer: boolean;
  warnings: HostFinding[];
}

const looking = proxyActivities<Activities>(patience.look);
const reading = proxyActivities<Activities>(patience.read);

/** Reads the bundle and every host that the run is about. Throws HOST_UNFIT with all findings when one of them forbids going on. */
export async function lookAtHosts({ spec, without = [], add }: BootstrapInput, atOnce: number): Promise<Sight> {
  const options = { ...patience.read, summary: `Is ${spec.bundle} a whole bundle?` };
  const bundle = await reading.readBundle.executeWithOptions(options, [{ folder: spec.bundle }]);
  const wanted = spec.hosts.filter(({ name }) => !without.includes(name));
  const look = async ({ name }: { name: string }) => ({ name, ...(await lookAt(name, spec, bundle)) });
  const [all] = await Promise.all([
    onEach(wanted, atOnce, look),
    reading.verifyWholeBundle.executeWithOptions(options, [{ folder: spec.bundle }]), // Takes as long as the look.
  ]);
  const looks = add ? membersAnd(add, all) : all;
  const leftOut = spec.hosts.map(({ name }) => name).filter((name) => !looks.some((look) => look.name === name));
  const findings = [
    ...(add ? nothingToJoinFindings(all, add) : []),
    ...looks.flatMap((look) => look.findings),
    ...oneClusterFindings(looks),
    ...virtualIpFindings(spec, looks),
    ...etcdFindings(spec, looks, leftOut),
  ];
  return {
    warnings: mustBeFit(findings),
    cluster: clusterOf(spec, bundle, looks),
    generation: 1 + Math.max(...looks.map(({ generation }) => generation)),
    hasApiServer: looks.some((look) => look.hasApiServer),
  };
}

/** An unreachable host or a refused key is a finding like any other, so that all of them are seen at once. */
async function lookAt(host: string, spec: ClusterSpec, bundle: BundleSummary): Promise<HostLook> {
  try {
    const options = { ...patience.look, summary: `${host}: what is it?` };
    return await looking.lookAtHost.executeWithOptions(options, [{ host: hostTarget(spec, host), spec, bundle }]);
  } catch (error) {
    return { generation: 0, findings: [findingOf(host, failureOf(error))] };
  }
}
