import type { Change } from '../changes/change.js';
import { objectRef } from '../changes/change.js';
import type { KubeObject } from '../facts/facts.js';
import { holds } from '../kept-objects.js';
import { defineStep, type HostTarget } from '../step.js';

/** The labels that cluster.yaml gives the host. A kubelet may not give them to itself, so a control plane does. */
export const labelNode = defineStep({
  title: 'Label the node',
  truth: 'kept',
  read: async (host, { controlPlane, nodeName, labels }: NodeLabels) => {
    if (Object.keys(labels).length === 0) return { isLabelled: true };
    const { facts } = await host.elsewhere(controlPlane.host);
    const node = await facts.object(objectRef({ server: controlPlane.server, object: nodeWith(nodeName, labels) }));
    return { isLabelled: holds(node?.metadata.labels ?? {}, labels) };
  },
  plan: ({ controlPlane: { host, server }, nodeName, labels }, { isLabelled }): Change[] => {
    if (isLabelled) return [];
    const object = nodeWith(nodeName, labels);
    return [{ kind: 'elsewhere', host, change: { kind: 'object', server, how: 'update', object } }];
  },
});

export interface NodeLabels {
  nodeName: string;
  labels: Record<string, string>;
  controlPlane: { host: HostTarget; server: string };
}

function nodeWith(name: string, labels: Record<string, string>): KubeObject {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } };
}
