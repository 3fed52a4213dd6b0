import type { ClusterConfiguration } from '../../cluster/kubeadm/cluster-configuration.js';
import { goYaml } from '../../cluster/kubeadm/go-yaml.js';
import { objectChanges, objectDrift, readObjects, renderObjects } from '../kept-objects.js';
import { defineStep } from '../step.js';

/** What later runs of kubeadm, and joining nodes, read the cluster's settings from. */
export const uploadKubeadmConfig = defineStep({
  title: "Upload kubeadm's configuration",
  truth: "the user's",
  read: ({ facts }, input: KubeadmConfig) => readObjects(facts, input.server, objects(input)),
  plan: (input, present) => objectChanges(input.server, objects(input), present),
  drift: (input, present) => objectDrift(input.server, objects(input), present),
});

export interface KubeadmConfig {
  server: string;
  configuration: ClusterConfiguration;
}

function objects({ configuration }: KubeadmConfig) {
  return renderObjects('kubeadm-config', { configuration: goYaml(configuration) });
}
