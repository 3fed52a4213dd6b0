import { objectChanges, objectDrift, readObjects, renderObjects } from '../kept-objects.js';
import { defineStep } from '../step.js';

/** Its pods wait for the network add-on, so whether they run is looked at there. */
export const installCoreDns = defineStep({
  title: 'Install CoreDNS',
  truth: "the user's",
  read: ({ facts }, input: CoreDns) => readObjects(facts, input.server, renderObjects('coredns', input)),
  plan: (input, present) => objectChanges(input.server, renderObjects('coredns', input), present),
  drift: (input, present) => objectDrift(input.server, renderObjects('coredns', input), present),
});

export interface CoreDns {
  server: string;
  image: string;
  /** The tenth of the service network. */
  address: string;
  dnsDomain: string;
}
