import { sharedPki } from '../../cluster/kubeadm/certificates.js';
import type { Change } from '../changes/change.js';
import { defineStep, type HostTarget } from '../step.js';
import { refuseOtherAuthority } from './copy-certificate-authorities.js';

/** The CA of an etcd that has hosts of its own, without its key: by it this control plane's API server knows the members. */
export const trustEtcd = defineStep({
  title: "Trust etcd's certificate authority",
  truth: 'made once',
  read: async (host, { etcdHost }: TrustedEtcd) => {
    const there = await host.elsewhere(etcdHost);
    const [own, theirs] = await Promise.all(
      [host, there].map(({ facts }) => facts.certificate(sharedPki.etcdCa).then((fact) => fact?.fingerprint)),
    );
    return { own, theirs };
  },
  plan: ({ etcdHost }, { own, theirs }): Change[] => {
    refuseOtherAuthority({ authority: sharedPki.etcdCa, own, theirs, from: etcdHost });
    const path = `${sharedPki.etcdCa}.crt`;
    return own ? [] : [{ kind: 'copy', path, mode: '0644', from: { host: etcdHost, path } }];
  },
});

export interface TrustedEtcd {
  etcdHost: HostTarget;
}
