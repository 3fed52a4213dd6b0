import type { StaticPod } from '../../cluster/kubeadm/static-pods.js';
import { probe } from '../probe.js';
import { correctedSpecHint, manifestChanges, manifestDrift, readManifest } from '../static-pod.js';
import { defineStep } from '../step.js';

export const startScheduler = defineStep({
  title: 'Start the scheduler',
  truth: "the user's",
  read: ({ facts }, _input: { pod: StaticPod }) => readManifest(facts, 'kube-scheduler'),
  plan: ({ pod }, manifest) => manifestChanges('kube-scheduler', pod, manifest),
  drift: ({ pod }, manifest) => manifestDrift('kube-scheduler', pod, manifest),
  verify: (host, { pod }) => {
    const server = `https://${pod.probeHost || '127.0.0.1'}:10259`;
    return host.until('the scheduler to be healthy', 240, () => probe(host, server, '/readyz'), correctedSpecHint);
  },
});
