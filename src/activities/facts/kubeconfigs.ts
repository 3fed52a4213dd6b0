import { parse } from 'yaml';
import { parseCertificate } from './certificates.js';
import type { KubeconfigFact } from './facts.js';

interface Kubeconfig {
  'current-context'?: string;
  clusters?: { name: string; cluster: { server?: string; 'certificate-authority-data'?: string } }[];
  contexts?: { name: string; context: { cluster: string; user: string } }[];
  users?: { name: string; user?: { 'client-certificate-data'?: string; 'client-certificate'?: string } }[];
}

/** What the current context of a kubeconfig says, without its key. */
export function parseKubeconfig(text: string): KubeconfigFact {
  const config = (parse(text) ?? {}) as Kubeconfig;
  const context = config.contexts?.find(({ name }) => name === config['current-context']);
  const cluster = config.clusters?.find(({ name }) => name === context?.context.cluster)?.cluster;
  const user = config.users?.find(({ name }) => name === context?.context.user)?.user;
  return {
    server: cluster?.server ?? '',
    user: context?.context.user ?? '',
    context: context?.name ?? '',
    caFingerprint: certificateIn(cluster?.['certificate-authority-data'])?.fingerprint,
    certificate: certificateIn(user?.['client-certificate-data']),
    certificateFile: user?.['client-certificate'],
  };
}

function certificateIn(base64: string | undefined) {
  return base64 === undefined ? undefined : parseCertificate(Buffer.from(base64, 'base64').toString(), true);
}
