import { createHash } from 'node:crypto';
import { networkObjects, type Network } from '../../cluster/network-add-ons.js';
import { paths } from '../../cluster/paths.js';
import type { Change, ObjectChange } from '../changes/change.js';
import type { KubeObject } from '../facts/facts.js';
import { parseObjects, readObjects } from '../kept-objects.js';
import { readManifest, type BundledManifest } from '../network-manifest.js';
import { defineStep, type HostView } from '../step.js';

/** The network add-on, from its upstream manifest in the bundle. After it nodes become Ready and CoreDNS starts. */
export const installNetwork = defineStep({
  title: 'Install the network add-on',
  truth: 'kept',
  read: async (host, input: InstallNetwork) => {
    const objects = networkObjects(parseObjects(await readManifest(host.facts, input)), input.network).map(withDigest);
    return { objects, present: await readObjects(host.facts, input.server, objects) };
  },
  plan: (input, { objects, present }): Change[] =>
    objects
      .filter((object, i) => present[i]?.metadata.annotations?.[digestAnnotation] !== digestOf(object))
      .map((object): ObjectChange => ({ kind: 'object', server: input.server, how: 'apply', object })),
  verify: async (host, { server, nodeName }) => {
    await host.until('the node to be Ready', 300, () => wait(host, server, `node/${nodeName}`, 'Ready'));
    await host.until('CoreDNS to be available', 300, () => wait(host, server, 'deployment/coredns', 'Available'));
  },
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

async function wait({ ask }: HostView, server: string, what: string, condition: string): Promise<string | undefined> {
  const { code, stdout, stderr } = await ask(
    `kubectl --kubeconfig='${paths.kubernetes}/admin.conf' --server="$1" -n kube-system wait --for="condition=$3" --timeout=2s "$2"`,
    server,
    what,
    condition,
  );
  return code === 0 ? undefined : `${stdout}${stderr}`.trim();
}
