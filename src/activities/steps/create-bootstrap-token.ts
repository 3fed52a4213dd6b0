import { paths } from '../../cluster/paths.js';
import type { Change } from '../changes/change.js';
import { defineStep } from '../step.js';

/**
 * The token that `kubeadm init` leaves behind, good for a day. kubeadm makes it just before cluster-info, so a cluster with cluster-info has had
 * its token, even when it has expired since.
 */
export const createBootstrapToken = defineStep({
  title: 'Create the bootstrap token',
  truth: 'passing',
  read: async ({ facts, ask }, { server }: BootstrapToken) => {
    const name = { namespace: 'kube-public', name: 'cluster-info' };
    if (await facts.object({ server, apiVersion: 'v1', kind: 'ConfigMap', ...name })) return { hadToken: true };
    const { code, stdout } = await ask(
      `kubectl --kubeconfig='${paths.kubernetes}/admin.conf' --server="$1" -n kube-system get secrets \\
        --field-selector type=bootstrap.kubernetes.io/token -o name`,
      server,
    );
    return { hadToken: code === 0 && stdout.trim() !== '' };
  },
  plan: (input, { hadToken }): Change[] => (hadToken ? [] : [{ kind: 'bootstrapToken', ...input }]),
});

export interface BootstrapToken {
  server: string;
  ttlHours: number;
  groups: string[];
}
