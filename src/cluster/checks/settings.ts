import { parse, TomlError } from 'smol-toml';
import { defaults } from '../defaults.js';
import { portTable } from '../ports.js';
import type { Check } from './check.js';

export const repositoryPortIsFree: Check = function* ({ repository, ssh }) {
  const own = repository?.port ?? defaults.repositoryPort;
  const taken = [...portTable, { service: 'SSH', port: `${ssh?.port ?? defaults.sshPort}/tcp` }];
  const other = taken.find(({ port }) => port === `${own}/tcp`);
  if (!other) return;
  yield {
    path: ['repository', 'port'],
    message: `repository.port ${own} belongs to ${other.service}`,
    hint: 'choose another',
  };
};

export const containerdConfigIsToml: Check = function* ({ containerd }) {
  try {
    parse(containerd?.config ?? '');
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [reason] = error.message.replace('Invalid TOML document: ', '').split('\n');
    const hint = `line ${error.line} of it`;
    yield { path: ['containerd', 'config'], message: `containerd.config is not TOML: ${reason}`, hint };
  }
};

/** A document may say what it is, as kubeadm's do; then it must be the right one. */
export const documentsOfTheirKind: Check = function* ({ kubernetes = {} }) {
  for (const [name, expected] of Object.entries(documentTypes)) {
    const document: Record<string, unknown> = kubernetes[name as keyof typeof documentTypes] ?? {};
    for (const [key, value] of Object.entries(expected)) {
      if (document[key] === undefined || document[key] === value) continue;
      const message = `kubernetes.${name}.${key} cannot be '${String(document[key])}'`;
      yield { path: ['kubernetes', name, key], message, hint: `leave it out, or write ${value}` };
    }
  }
};

const documentTypes = {
  kubeletConfiguration: { apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration' },
  kubeProxyConfiguration: { apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration' },
};
