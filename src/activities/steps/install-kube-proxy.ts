import { goYaml } from '../../cluster/kubeadm/go-yaml.js';
import { paths } from '../../cluster/paths.js';
import { objectChanges, readObjects, renderObjects, withConfigHash } from '../kept-objects.js';
import { defineStep } from '../step.js';

export const installKubeProxy = defineStep({
  title: 'Install kube-proxy',
  truth: "the user's",
  read: ({ facts }, input: KubeProxy) => readObjects(facts, input.server, objects(input)),
  plan: (input, present) => objectChanges(input.server, objects(input), present),
  verify: (host, { server }) =>
    host.until('kube-proxy to run on every node', 240, async () => {
      const { stdout, stderr } = await host.ask(
        `kubectl --kubeconfig='${paths.kubernetes}/admin.conf' --server="$1" -n kube-system get daemonset kube-proxy \\
          -o jsonpath='{.status.numberReady}/{.status.desiredNumberScheduled}'`,
        server,
      );
      const [ready, desired] = stdout.split('/');
      return Number(desired) > 0 && ready === desired ? undefined : `ready: ${stdout}${stderr}`;
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

function objects({ configuration, endpoint, image, isGiven }: KubeProxy) {
  const values = { configuration: goYaml(configuration).trimEnd(), endpoint, image };
  const [configMap, ...others] = renderObjects('kube-proxy', values);
  return [isGiven ? configMap! : withConfigHash(configMap!), ...others];
}
