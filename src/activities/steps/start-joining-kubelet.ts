import { sharedPki } from '../../cluster/kubeadm/certificates.js';
import { paths } from '../../cluster/paths.js';
import type { Change } from '../changes/change.js';
import { bootstrapKubeconfigPath } from '../has-joined.js';
import { probe } from '../probe.js';
import { defineStep, type HostTarget } from '../step.js';
import { kubeletChanges, kubeletDrift, madeAnewHint, readKubelet, type KubeletFiles } from './configure-kubelet.js';

/** The kubelet with kubeadm's files and a bootstrap token of its own, with which it asks for its first certificate and writes kubelet.conf. */
export const startJoiningKubelet = defineStep({
  title: 'Start the kubelet to join',
  truth: "the user's",
  read: async ({ facts }, { files }: JoiningKubelet) => {
    const [kubelet, kubeconfig, bootstrap] = await Promise.all([
      readKubelet(facts, files),
      facts.file(`${paths.kubernetes}/kubelet.conf`),
      facts.file(bootstrapKubeconfigPath),
    ]);
    return { kubelet, isTrusted: Boolean(kubeconfig ?? bootstrap) };
  },
  plan: ({ files, server, clusterName, controlPlane }, { kubelet, isTrusted }): Change[] => [
    ...(isTrusted
      ? []
      : [
          {
            kind: 'bootstrapKubeconfig',
            path: bootstrapKubeconfigPath,
            server,
            clusterName,
            ca: sharedPki.ca,
            nodeName: files.nodeName,
            ttlHours: 2,
            from: controlPlane,
          } as const,
        ]),
    ...kubeletChanges(files, kubelet),
  ],
  drift: ({ files }, { kubelet }) => kubeletDrift(files, kubelet),
  verify: (host) =>
    host.until('the kubelet to be healthy', 240, () => probe(host, 'http://127.0.0.1:10248', '/healthz'), madeAnewHint),
});

export interface JoiningKubelet {
  files: KubeletFiles;
  /** URL of the API server that the kubelet asks: the endpoint, or on a control plane its own. */
  server: string;
  clusterName: string;
  controlPlane: { host: HostTarget; server: string };
}
