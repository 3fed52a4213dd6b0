import { paths } from '../../cluster/paths.js';
import { objectRef, type Change } from '../changes/change.js';
import type { KubeObject } from '../facts/facts.js';
import { holds } from '../kept-objects.js';
import { defineStep } from '../step.js';

/**
 * Labels the node as a control plane and keeps other pods off it. Done once, as the label shows: a taint that somebody removed later stays
 * removed. The labels that cluster.yaml gives the host are kept.
 */
export const markControlPlane = defineStep({
  title: 'Mark the node as control plane',
  truth: "the user's",
  read: ({ facts }, input: ControlPlaneMarks) =>
    facts.object(objectRef({ server: input.server, object: nodeOf(input) })),
  plan: (input, node): Change[] => [
    ...(node?.metadata.labels && controlPlane in node.metadata.labels ? [] : [mark(input)]),
    ...(holds(node?.metadata.labels ?? {}, input.labels) ? [] : [label(input)]),
  ],
});

export interface ControlPlaneMarks {
  server: string;
  nodeName: string;
  /** False for a control plane that is also a worker node. */
  isTainted: boolean;
  labels: Record<string, string>;
}

const controlPlane = 'node-role.kubernetes.io/control-plane';

/** The label last, because it says that the rest is done. */
function mark({ server, nodeName, isTainted }: ControlPlaneMarks): Change {
  const kubectl = `kubectl --kubeconfig='${paths.kubernetes}/admin.conf' --server="$1"`;
  const taint = `${kubectl} taint node "$2" --overwrite ${controlPlane}:NoSchedule &&`;
  return {
    kind: 'command',
    title: 'Mark the node as control plane',
    script: `set -e
      ${isTainted ? taint : ''} ${kubectl} label node "$2" --overwrite node.kubernetes.io/exclude-from-external-load-balancers= ${controlPlane}=`,
    args: [server, nodeName],
    done: `${kubectl} get node "$2" --show-labels | grep -q '${controlPlane}='`,
  };
}

function label(input: ControlPlaneMarks): Change {
  return { kind: 'object', server: input.server, how: 'update', object: nodeOf(input) };
}

function nodeOf({ nodeName, labels }: ControlPlaneMarks): KubeObject {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name: nodeName, labels } };
}
