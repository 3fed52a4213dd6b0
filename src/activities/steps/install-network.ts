import { createHash } from 'node:crypto';
import { networkAgents, networkObjects, type Network } from '../../cluster/network-add-ons.js';
import type { Change, ObjectChange } from '../changes/change.js';
import type { KubeObject } from '../facts/facts.js';
import { parseObjects, readObjects } from '../kept-objects.js';
import { readManifest, type BundledManifest } from '../network-manifest.js';
import { defineStep } from '../step.js';
import { untilNetworked } from './wait-for-node.js';

/** The network add-on, from its upstream manifest in the bundle. After it nodes become Ready and pods start. */
export const installNetwork = defineStep({
  title: 'Install the network add-on',
  truth: 'kept',
  read: async (host, input: InstallNetwork) => {
    const manifest = parseObjects(await readManifest(host.facts, input));
    const present = await readObjects(host.facts, input.server, manifest);
    const known = present.filter((object) => object !== undefined);
    return { objects: networkObjects(manifest, input.network, known).map(withDigest), present };
  },
  plan: (input, { objects, present }): Change[] =>
    objects
      .filter((object, i) => present[i]?.metadata.annotations?.[digestAnnotation] !== digestOf(object))
      .map((object): ObjectChange => ({ kind: 'object', server: input.server, how: 'apply', object })),
  verify: (host, { nodeName, network }) => untilNetworked(host, nodeName, networkAgents[network.addOn]),
});

export interface InstallNetwork extends BundledManifest {
  server: string;
  /** Of this control plane. */
  nodeName: string;
  network: Network;
}

/**
 * What was applied. The objects themselves cannot be compared: the API server rewrites quantities and fills in defaults, and other controllers
 * own parts of them.
 */
const digestAnnotation = 'temper/manifest-sha256';

function withDigest(object: KubeObject): KubeObject {
  const digest = createHash('sha256').update(JSON.stringify(object)).digest('hex');
  const annotations = { ...object.metadata.annotations, [digestAnnotation]: digest };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function digestOf(object: KubeObject): string | undefined {
  return object.metadata.annotations?.[digestAnnotation];
}
