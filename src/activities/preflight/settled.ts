import { settledBy, type Settled } from '../../cluster/host-record.js';
import { isNode } from '../../cluster/cluster.js';
import type { PreflightCheck } from './check.js';

/** What cannot change while the cluster lives, where each is written, and what to do about it. */
const reasons: { [Key in keyof Required<Settled>]: { key: string; because: string } } = {
  pods: { key: 'networks.pods', because: "every node's pods have their addresses from it" },
  services: {
    key: 'networks.services',
    because: 'Services have their addresses from it, and certificates name one of them',
  },
  endpoint: {
    key: 'apiServer.virtualIP or endpoint',
    because: "it stands in every node's kubeconfig and in certificates",
  },
  etcdHosts: {
    key: 'the list of etcd hosts',
    because: "they stand in every API server's manifest and in the ConfigMap kubeadm-config",
  },
};

export const settledChecks: PreflightCheck[] = [
  {
    name: 'ClusterSettled',
    mustHold: true,
    *look({ claim, clusterCa, isOurs, spec, host }) {
      // Nothing of it stands on a host of etcd, which is there before the cluster is made.
      if (!isNode(host) || !isOurs || !clusterCa.present || !claim || claim === 'unreadable' || !claim.settled) return;
      const wanted = settledBy(spec);
      for (const [name, { key, because }] of Object.entries(reasons)) {
        const [was, is] = [claim.settled, wanted].map((settled) => settled[name as keyof Settled] || 'nothing');
        if (was === is) continue;
        yield {
          message: `${key} was ${was} when the cluster was made and cannot become ${is}: ${because}`,
          hint: `write ${was} again, or make another cluster`,
        };
      }
    },
  },
];
