import { sharedPki } from '../../cluster/kubeadm/certificates.js';
import type { apiServerPod } from '../../cluster/kubeadm/static-pods.js';
import { probe } from '../probe.js';
import { correctedSpecHint, manifestChanges, manifestDrift, readManifest } from '../static-pod.js';
import { defineStep } from '../step.js';

export const startApiServer = defineStep({
  title: 'Start the API server',
  truth: "the user's",
  read: ({ facts }, _input: ApiServer) => readManifest(facts, 'kube-apiserver'),
  plan: ({ pod }, manifest) => manifestChanges('kube-apiserver', pod, manifest),
  drift: ({ pod }, manifest) => manifestDrift('kube-apiserver', pod, manifest),
  verify: (host, { server }) =>
    host.until(
      'the API server to be ready',
      240,
      () => probe(host, server, '/readyz', `${sharedPki.ca}.crt`),
      correctedSpecHint,
    ),
});

export interface ApiServer {
  pod: ReturnType<typeof apiServerPod>;
  /** URL of this very API server. */
  server: string;
}
