import { goYaml } from '../../cluster/kubeadm/go-yaml.js';
import { objectChanges, objectDrift, readObjects, renderObjects, withConfigHash } from '../kept-objects.js';
import { untilServicesAnswer } from '../probe.js';
import { defineStep } from '../step.js';

export const installKubeProxy = defineStep({
  title: 'Install kube-proxy',
  truth: "the user's",
  read: ({ facts }, input: KubeProxy) => readObjects(facts, input.server, objects(input)),
  plan: (input, present) => objectChanges(input.server, objects(input), present),
  drift: (input, present) => objectDrift(input.server, objects(input), present),
  verify: (host, { services }) => untilServicesAnswer(host, services),
});

export interface KubeProxy {
  server: string;
  endpoint: string;
  /** See `serviceOfApiServer`. */
  services: string;
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
