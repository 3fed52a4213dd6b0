import { sharedPki } from '../../cluster/kubeadm/certificates.js';
import { clusterInfoText } from '../../cluster/kubeadm/kubeconfig.js';
import type { FactReaders } from '../facts/facts.js';
import { objectChanges, readObjects, renderObjects } from '../kept-objects.js';
import { defineStep } from '../step.js';
import { unknownCa } from './finalize-kubelet.js';

/** What a machine with a bootstrap token needs to become a node: rights, and cluster-info to find and trust the API server by. */
export const allowNodesToJoin = defineStep({
  title: 'Allow nodes to join',
  truth: 'kept',
  read: async ({ facts }, input: Joining) => {
    const wanted = await objects(facts, input);
    return { wanted, present: await readObjects(facts, input.server, wanted) };
  },
  plan: ({ server }, { wanted, present }) => objectChanges(server, wanted, present),
});

export interface Joining {
  server: string;
  /** URL by which nodes reach the API. */
  endpoint: string;
}

async function objects(facts: FactReaders, { endpoint }: Joining) {
  const caPem = (await facts.text(`${sharedPki.ca}.crt`)) ?? unknownCa;
  return renderObjects('node-joining', { clusterInfo: clusterInfoText(endpoint, caPem) });
}
