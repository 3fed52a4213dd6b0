import { paths } from '../../cluster/paths.js';
import { joinLabel, type Change } from '../changes/change.js';
import { bootstrapKubeconfigPath, hasJoined } from '../has-joined.js';
import { defineStep, type HostTarget } from '../step.js';

/** The token has done its work. It would end by itself, but nobody shall find it until then. */
export const removeJoinToken = defineStep({
  title: 'Remove the join token',
  truth: 'passing',
  read: ({ facts }, _input: JoinToken) => hasJoined(facts),
  plan: ({ controlPlane, nodeName }, isDone): Change[] => {
    if (isDone) return [];
    const { host, server } = controlPlane;
    return [
      { kind: 'elsewhere', host, change: deletion(server, nodeName) },
      { kind: 'absent', path: bootstrapKubeconfigPath },
    ];
  },
});

export interface JoinToken {
  nodeName: string;
  controlPlane: { host: HostTarget; server: string };
}

function deletion(server: string, nodeName: string): Change & { kind: 'command' } {
  const secrets = `kubectl --kubeconfig='${paths.kubernetes}/admin.conf' --server="$1" -n kube-system`;
  return {
    kind: 'command',
    title: `Delete the bootstrap token of ${nodeName}`,
    script: `${secrets} delete secrets -l "${joinLabel}=$2" >&2`,
    args: [server, nodeName],
    done: `test -z "$(${secrets} get secrets -l "${joinLabel}=$2" -o name || echo unknown)"`,
  };
}
