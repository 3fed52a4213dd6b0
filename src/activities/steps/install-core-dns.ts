import { objectChanges, objectDrift, readObjects, renderObjects } from '../kept-objects.js';
import { probeCondition } from '../probe.js';
import { defineStep } from '../step.js';

/** The first pods that need the network between pods: where Temper leaves that to somebody else, they wait for it. */
export const installCoreDns = defineStep({
  title: 'Install CoreDNS',
  truth: "the user's",
  read: ({ facts }, input: CoreDns) => readObjects(facts, input.server, renderObjects('coredns', input)),
  plan: (input, present) => objectChanges(input.server, renderObjects('coredns', input), present),
  drift: (input, present) => objectDrift(input.server, renderObjects('coredns', input), present),
  verify: async (host, { server, hasNetwork }) => {
    const coreDns = { server, apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'kube-system', name: 'coredns' };
    if (hasNetwork) await host.until('CoreDNS to be available', 300, () => probeCondition(host, coreDns, 'Available'));
  },
});

export interface CoreDns {
  server: string;
  image: string;
  /** The tenth of the service network. */
  address: string;
  dnsDomain: string;
  /** False without a network add-on. */
  hasNetwork: boolean;
}
