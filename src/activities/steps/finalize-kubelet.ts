import { sharedPki } from '../../cluster/kubeadm/certificates.js';
import { kubeconfigText } from '../../cluster/kubeadm/kubeconfig.js';
import { paths } from '../../cluster/paths.js';
import type { Change } from '../changes/change.js';
import { probe } from '../probe.js';
import { defineStep } from '../step.js';
import { clientCertificate, finalizedDigest, type KubeletFiles } from './configure-kubelet.js';

/** Lets kubelet.conf point at the client certificate that the kubelet renews, instead of holding the one it began with. */
export const finalizeKubelet = defineStep({
  title: 'Let the kubelet renew its certificate',
  truth: 'made once',
  read: async ({ facts }, _input: FinalKubelet) => {
    const [kubeconfig, caPem, kubelet] = await Promise.all([
      facts.kubeconfig(kubeletConf),
      facts.text(`${sharedPki.ca}.crt`),
      facts.unit('kubelet'),
    ]);
    return { kubeconfig, caPem, kubelet };
  },
  plan: ({ files, server, clusterName }, { kubeconfig, caPem, kubelet }): Change[] => {
    const user = `system:node:${files.nodeName}`;
    const client = { file: clientCertificate };
    const content = kubeconfigText({ server, clusterName, user, caPem: caPem ?? unknownCa, client });
    const isFinal = kubeconfig?.certificateFile !== undefined;
    if (kubeconfig?.user === writtenByKubelet) return [];
    const unit: Change = { kind: 'unit', name: 'kubelet', inputsDigest: finalizedDigest };
    return [
      ...(isFinal ? [] : [{ kind: 'file', path: kubeletConf, mode: '0600', content } as const]),
      ...(isFinal && kubelet.startedWith === finalizedDigest ? [] : [unit]),
    ];
  },
  verify: (host) =>
    host.until('the kubelet to be healthy', 240, () => probe(host, 'http://127.0.0.1:10248', '/healthz')),
});

/** The user in a kubelet.conf that the kubelet itself wrote when it joined: then there is nothing to finalize. */
const writtenByKubelet = 'default-auth';

export interface FinalKubelet {
  files: KubeletFiles;
  server: string;
  clusterName: string;
}

/** What a plan says before the CA is made. */
export const unknownCa = `<certificate of ${sharedPki.ca}>`;

const kubeletConf = `${paths.kubernetes}/kubelet.conf`;
