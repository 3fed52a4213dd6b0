import { goYaml } from '../../cluster/kubeadm/go-yaml.js';
import { paths } from '../../cluster/paths.js';
import type { Change, FileChange } from '../changes/change.js';
import { differingFiles, inputsDigest, keptFile, readFiles } from '../kept-files.js';
import { probe } from '../probe.js';
import { render } from '../render.js';
import { correctedSpecHint } from '../static-pod.js';
import { defineStep } from '../step.js';

/** A kubelet without an API server, which runs the static pods that the API server itself needs. Its successor is kubeadm's configuration; where the host is to be no node it stays. */
export const startStandaloneKubelet = defineStep({
  title: 'Start the kubelet for static pods',
  truth: 'passing',
  read: async ({ facts }, input: StandaloneKubelet) => ({
    successor: await facts.file(`${paths.kubelet}/config.yaml`),
    files: await readFiles(facts, filesOf(input)),
    unit: await facts.unit('kubelet'),
  }),
  plan: (input, { successor, files, unit }): Change[] => {
    if (successor) return [];
    const digest = inputsDigest(filesOf(input));
    const isRunning = unit.active === 'active' && unit.enabled === 'enabled' && unit.startedWith === digest;
    return [
      ...differingFiles(filesOf(input), files),
      ...(isRunning ? [] : [{ kind: 'unit' as const, name: 'kubelet', inputsDigest: digest }]),
    ];
  },
  verify: (host) =>
    host.until(
      'the kubelet to be healthy',
      60,
      () => probe(host, 'http://127.0.0.1:10248', '/healthz'),
      correctedSpecHint,
    ),
});

export interface StandaloneKubelet {
  /** The KubeletConfiguration that the node will have in the end. */
  configuration: Record<string, unknown>;
  /** The node's name where it is not the host's: static pods get their identity from it. */
  hostnameOverride?: string;
}

function filesOf({ configuration, hostnameOverride }: StandaloneKubelet): FileChange[] {
  const config = paths.standaloneKubeletConfig;
  const dropIn = paths.standaloneKubeletDropIn;
  return [
    keptFile(config, goYaml(standalone(configuration))),
    keptFile(dropIn, render(dropIn, { config, hostnameOverride })),
  ];
}

/** Without a CA and an API server the kubelet can ask nobody who is calling, so it listens to nobody. */
function standalone(configuration: Record<string, unknown>): Record<string, unknown> {
  return {
    ...configuration,
    enableServer: false,
    authentication: { anonymous: { enabled: false }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
  };
}
