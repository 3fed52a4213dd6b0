import { goYaml } from '../../cluster/kubeadm/go-yaml.js';
import { objectChanges, objectDrift, readObjects, renderObjects, withConfigHash } from '../kept-objects.js';
import { defineStep } from '../step.js';

/** The KubeletConfiguration that joining nodes start with. */
export const uploadKubeletConfig = defineStep({
  title: "Upload the kubelets' configuration",
  truth: "the user's",
  read: ({ facts }, input: KubeletConfig) => readObjects(facts, input.server, objects(input)),
  plan: (input, present) => objectChanges(input.server, objects(input), present),
  drift: (input, present) => objectDrift(input.server, objects(input), present),
});

export interface KubeletConfig {
  server: string;
  configuration: Record<string, unknown>;
  /** The user gave a part of it: then kubeadm does not pin its hash. */
  isGiven: boolean;
}

function objects({ configuration, isGiven }: KubeletConfig) {
  const [configMap, ...access] = renderObjects('kubelet-config', { configuration: goYaml(configuration) });
  return [isGiven ? configMap! : withConfigHash(configMap!), ...access];
}
