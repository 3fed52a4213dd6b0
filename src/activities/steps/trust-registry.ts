import { paths } from '../../cluster/paths.js';
import type { Change } from '../changes/change.js';
import { defineStep, type HostTarget } from '../step.js';

/** The certificate of Temper's own CA, from the bootstrap host over SSH: with it packages and images are believed. */
export const trustRegistry = defineStep({
  title: 'Trust the registry',
  truth: 'kept',
  read: async (host, { bootstrapHost }: TrustedRegistry) => {
    const [present, wanted] = await Promise.all([
      host.facts.text(certificate),
      host.elsewhere(bootstrapHost).then(({ facts }) => facts.text(certificate)),
    ]);
    return { present, wanted };
  },
  plan: ({ bootstrapHost }, { present, wanted }): Change[] => {
    if (present !== undefined && present === wanted) return [];
    const from = { host: bootstrapHost, path: certificate };
    return [{ kind: 'copy', path: certificate, mode: '0644', from, replace: true }];
  },
});

export interface TrustedRegistry {
  bootstrapHost: HostTarget;
}

const certificate = `${paths.temperPki}/ca.crt`;
