import type { StaticPod } from '../../cluster/kubeadm/static-pods.js';
import { probe } from '../probe.js';
import { correctedSpecHint, manifestChanges, manifestDrift, readManifest } from '../static-pod.js';
import { defineStep } from '../step.js';

export const startControllerManager = defineStep({
  title: 'Start the controller manager',
  truth: "the user's",
  read: ({ facts }, _input: { pod: StaticPod }) => readManifest(facts, 'kube-controller-manager'),
  plan: ({ pod }, manifest) => manifestChanges('kube-controller-manager', pod, manifest),
  drift: ({ pod }, manifest) => manifestDrift('kube-controller-manager', pod, manifest),
  verify: (host, { pod }) => {
    const server = `https://${pod.probeHost || '127.0.0.1'}:10257`;
    return host.until(
      'the controller manager to be healthy',
      240,
      () => probe(host, server, '/healthz'),
      correctedSpecHint,
    );
  },
});
