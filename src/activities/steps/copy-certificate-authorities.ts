import { TemperError } from '../../cluster/errors.js';
import { paths } from '../../cluster/paths.js';
import type { Change, CopyChange } from '../changes/change.js';
import { defineStep, type HostTarget } from '../step.js';
import { recordCa } from './create-certificate-authorities.js';

/**
 * What makes a host one of this cluster: a worker node trusts its CA, a control plane and a host of etcd have the keys too. The keys go through
 * the worker's memory.
 */
export const copyCertificateAuthorities = defineStep({
  title: "Copy the cluster's certificate authorities",
  truth: 'made once',
  read: async (host, { from, authority, files }: CopiedAuthorities) => {
    const source = await host.elsewhere(from);
    const [present, record, own, theirs] = await Promise.all([
      Promise.all(files.map(({ path }) => host.facts.file(path))),
      host.facts.file(paths.clusterCaRecord),
      host.facts.certificate(authority),
      source.facts.certificate(authority),
    ]);
    return { present, record, own: own?.fingerprint, theirs: theirs?.fingerprint };
  },
  plan: ({ from, authority, files }, { present, record, own, theirs }): Change[] => {
    refuseOtherAuthority({ authority, own, theirs, from });
    const missing = files.filter((_, i) => !present[i]);
    return [
      ...missing.map(({ path, mode }): CopyChange => ({ kind: 'copy', path, mode, from: { host: from, path } })),
      ...(record ? [] : [recordCa(authority)]),
    ];
  },
});

export interface CopiedAuthorities {
  from: HostTarget;
  /** Base path of the CA that makes the host one of this cluster. */
  authority: string;
  files: { path: string; mode: string }[];
}

/** `own`, `theirs`: fingerprints. Throws HOST_HAS_OTHER_CLUSTER when both hosts have the CA, but not the same. */
export function refuseOtherAuthority({ authority, own, theirs, from }: ComparedAuthority): void {
  if (!own || !theirs || own === theirs) return;
  throw new TemperError('HOST_HAS_OTHER_CLUSTER', `${authority}.crt is another one than that of ${from.name}`, {
    hint: 'kubeadm reset on this host, if it is to leave its old cluster',
  });
}

interface ComparedAuthority {
  authority: string;
  own?: string;
  theirs?: string;
  from: HostTarget;
}
