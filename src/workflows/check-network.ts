import type { NetworkProbes } from '../activities/network/probes.js';
import type { Cluster } from '../cluster/cluster.js';
import { judgeNetwork } from '../cluster/network/judge.js';
import type { NetworkFinding } from '../cluster/network/seen.js';
import { targetsOf } from '../cluster/network/targets.js';
import { hostTarget } from './host-target.js';

/**
 * Looks at all hosts as one network, side by side, in a few seconds. Changes nothing: listeners stand on the ports of the cluster for a moment,
 * and end by themselves when the worker dies. The workflow asks by activities, `temper check --hosts` directly.
 */
export async function checkNetwork(cluster: Cluster, probes: NetworkProbes): Promise<NetworkFinding[]> {
  const calls = cluster.hosts.map((record) => ({
    record,
    call: { host: hostTarget(cluster.spec, record.name), cluster },
  }));
  const everywhere = <T>(ask: (each: (typeof calls)[number]) => Promise<T>) => Promise.all(calls.map(ask));

  const tryWays = async () => {
    if (cluster.hosts.length < 2) return { listening: [], reached: [], stood: [] };
    const listening = await everywhere(({ call }) => probes.listenForPeers(call));
    const reached = await everywhere(({ record, call }) =>
      probes.reachPeers({ host: call.host, targets: targetsOf(cluster, record, listening) }),
    );
    const stopped = await everywhere(async ({ record, call }) =>
      (await probes.stopListening({ host: call.host })) ? [record.name] : [],
    );
    return { listening, reached, stood: stopped.flat() };
  };
  const [reads, ways] = await Promise.all([everywhere(({ call }) => probes.readNetwork(call)), tryWays()]);
  return judgeNetwork(cluster, { reads, ...ways });
}
