import { goYaml } from '../../cluster/kubeadm/go-yaml.js';
import { objectChanges, readObjects, renderObjects, withConfigHash } from '../kept-objects.js';
import { defineStep } from '../step.js';

export const installKubeProxy = defineStep({
  title: 'Install kube-proxy',
  truth: "the user's",
  read: ({ facts }, input: KubeProxy) => readObjects(facts, input.server, objects(input)),
  plan: (input, present) => objectChanges(input.server, objects(input), present),
  verify: (host, { server }) =>
    host.until('kube-proxy to run on every node', 240, async () => {
      const daemonSet = await host.now.object({ server, ...name });
      const { numberReady = 0, desiredNumberScheduled = 0 } = (daemonSet?.status ?? {}) as DaemonSetStatus;
      return desiredNumberScheduled > 0 && numberReady === desiredNumberScheduled
        ? undefined
        : `ready: ${numberReady} of ${desiredNumberScheduled}`;
    }),
});

export interface KubeProxy {
  server: string;
  endpoint: string;
  image: string;
  configuration: Record<string, unknown>;
  /** The user gave a part of it: then kubeadm does not pin its hash. */
  isGiven: boolean;
}

const name = { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'kube-system', name: 'kube-proxy' };

interface DaemonSetStatus {
  numberReady?: number;
  desiredNumberScheduled?: number;
}

function objects({ configuration, endpoint, image, isGiven }: KubeProxy) {
  const values = { configuration: goYaml(configuration).trimEnd(), endpoint, image };
  const [configMap, ...others] = renderObjects('kube-proxy', values);
  return [isGiven ? configMap! : withConfigHash(configMap!), ...others];
}
