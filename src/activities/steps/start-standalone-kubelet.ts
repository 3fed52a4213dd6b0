import { goYaml } from '../../cluster/kubeadm/go-yaml.js';
import { paths } from '../../cluster/paths.js';
import type { Change, FileChange } from '../changes/change.js';
import { differingFiles, inputsDigest, keptFile } from '../kept-files.js';
import { probe } from '../probe.js';
import { render } from '../render.js';
import { correctedSpecHint } from '../static-pod.js';
import { defineStep } from '../step.js';
import { clientCertificate, kubeletChanges, readKubelet, type KubeletFiles } from './configure-kubelet.js';

/**
 * A kubelet without an API server, which runs the static pods that the API server itself needs, and then that one. Its successor is kubeadm's
 * configuration, which a node has for good: there the static pods need that one to run. Where the host is to be no node it stays.
 */
export const startStandaloneKubelet = defineStep({
  title: 'Start the kubelet for static pods',
  truth: 'passing',
  read: async ({ facts }, { kubelet }: StandaloneKubelet) => {
    const [present, certificate] = await Promise.all([readKubelet(facts, kubelet), facts.file(clientCertificate)]);
    return { ...present, isSucceeded: Boolean(present.files[`${paths.kubelet}/config.yaml`] ?? certificate) };
  },
  plan: (input, { isSucceeded, ...present }): Change[] => {
    if (isSucceeded) return input.isNode ? kubeletChanges(input.kubelet, present) : [];
    const { standalone, kubelet } = present;
    const digest = inputsDigest(filesOf(input));
    const isRunning = kubelet.active === 'active' && kubelet.enabled === 'enabled' && kubelet.startedWith === digest;
    return [
      ...differingFiles(filesOf(input), standalone),
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
  /** What the host has when it is a node. */
  kubelet: KubeletFiles;
  isNode: boolean;
  /** The node's name where it is not the host's: static pods get their identity from it. */
  hostnameOverride?: string;
}

function filesOf({ kubelet, hostnameOverride }: StandaloneKubelet): FileChange[] {
  const config = paths.standaloneKubeletConfig;
  const dropIn = paths.standaloneKubeletDropIn;
  return [
    keptFile(config, goYaml(standalone(kubelet.configuration))),
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
