import type { KeyAlgorithm } from '../../cluster/certificates.js';
import { TemperError } from '../../cluster/errors.js';
import { sharedPki, type KubeconfigRow } from '../../cluster/kubeadm/certificates.js';
import type { KubeconfigChange } from '../changes/change.js';
import { defineStep } from '../step.js';

/** kubeconfigs of the administrators and of the components on this control plane. One with the cluster's CA is kept whatever else it says. */
export const writeKubeconfigs = defineStep({
  title: 'Write the kubeconfigs',
  truth: 'made once',
  read: async ({ facts }, { kubeconfigs }: Kubeconfigs) => {
    const [ca, ...present] = await Promise.all([
      facts.certificate(sharedPki.ca),
      ...kubeconfigs.map(({ path }) => facts.kubeconfig(path)),
    ]);
    return { ca, present };
  },
  plan: ({ kubeconfigs, clusterName, algorithm, validityHours }, { ca, present }) =>
    kubeconfigs.flatMap(({ path, server, user, groups, onlyWith }, i): KubeconfigChange[] => {
      const caFingerprint = present[i]?.caFingerprint;
      if (present[i] && caFingerprint && ca && caFingerprint !== ca.fingerprint) {
        throw new TemperError('CERTIFICATE_UNUSABLE', `${path} trusts another CA than ${sharedPki.ca}.crt`, {
          hint: `move ${path} away to have it made anew`,
        });
      }
      const companion = kubeconfigs.findIndex((each) => each.path === onlyWith);
      if (present[i] ?? present[companion]) return [];
      const shared = { clusterName, ca: sharedPki.ca, algorithm, validityHours };
      return [{ kind: 'kubeconfig', path, server, user, organizations: groups, ...shared }];
    }),
});

export interface Kubeconfigs {
  kubeconfigs: KubeconfigRow[];
  clusterName: string;
  algorithm: KeyAlgorithm;
  validityHours: number;
}
