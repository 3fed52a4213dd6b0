import { TemperError } from '../../cluster/errors.js';
import { sharedPki } from '../../cluster/kubeadm/certificates.js';
import { paths } from '../../cluster/paths.js';
import type { Change, CopyChange } from '../changes/change.js';
import { defineStep, type HostTarget } from '../step.js';
import { recordClusterCa } from './create-certificate-authorities.js';

/** What makes a host one of this cluster: a worker node trusts its CA, a control plane has the keys too. The keys go through the worker's memory. */
export const copyCertificateAuthorities = defineStep({
  title: "Copy the cluster's certificate authorities",
  truth: 'made once',
  read: async (host, { controlPlane, files }: CopiedAuthorities) => {
    const source = await host.elsewhere(controlPlane);
    const [present, record, own, theirs] = await Promise.all([
      Promise.all(files.map(({ path }) => host.facts.file(path))),
      host.facts.file(paths.clusterCaRecord),
      host.facts.certificate(sharedPki.ca),
      source.facts.certificate(sharedPki.ca),
    ]);
    return { present, record, own: own?.fingerprint, theirs: theirs?.fingerprint };
  },
  plan: ({ controlPlane, files }, { present, record, own, theirs }): Change[] => {
    if (own && theirs && own !== theirs) {
      throw new TemperError(
        'HOST_HAS_OTHER_CLUSTER',
        `${sharedPki.ca}.crt is another one than that of ${controlPlane.name}`,
        { hint: 'kubeadm reset on this host, if it is to leave its old cluster' },
      );
    }
    const missing = files.filter((_, i) => !present[i]);
    return [
      ...missing.map(({ path, mode }): CopyChange => ({
        kind: 'copy',
        path,
        mode,
        from: { host: controlPlane, path },
      })),
      ...(record ? [] : [recordClusterCa]),
    ];
  },
});

export interface CopiedAuthorities {
  controlPlane: HostTarget;
  files: { path: string; mode: string }[];
}
