import { parse, TomlError } from 'smol-toml';
import { durationHours } from '../kubeadm/go-duration.js';
import { preflightNames } from '../preflight-names.js';
import { didYouMean } from '../schema-complaints.js';
import type { Check } from './check.js';

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

/**
 * Settings that other parts of the cluster rely on: kubeadm's own probes ask fixed ports, and Temper writes these files and addresses itself.
 * Refused, because a cluster with another value would not come up.
 */
export const onesOwnSettings: Check = function* ({ kubernetes = {} }) {
  const { clusterConfiguration = {}, kubeletConfiguration = {} } = kubernetes;
  const components = {
    apiServer: clusterConfiguration.apiServer?.extraArgs,
    controllerManager: clusterConfiguration.controllerManager?.extraArgs,
    scheduler: clusterConfiguration.scheduler?.extraArgs,
    'etcd.local': clusterConfiguration.etcd?.local?.extraArgs,
  };
  for (const [component, extraArgs] of Object.entries(components)) {
    for (const [index, argument] of (extraArgs ?? []).entries()) {
      const reasons = ownArguments[component as keyof typeof components];
      if (argument?.name === undefined || !Object.hasOwn(reasons, argument.name)) continue;
      const hint = reasons[argument.name];
      const message = `${component}: the argument ${argument.name} cannot be set`;
      const path = ['kubernetes', 'clusterConfiguration', ...component.split('.'), 'extraArgs', index, 'name'];
      yield { path, message, hint };
    }
  }
  for (const [field, hint] of Object.entries(ownKubeletFields)) {
    if (kubeletConfiguration[field] === undefined) continue;
    const path = ['kubernetes', 'kubeletConfiguration', field];
    yield { path, isKey: true, message: `kubeletConfiguration.${field} cannot be set`, hint };
  }
};

/** A name with a slip in it would ignore nothing, which shows only when the hosts are looked at. */
export const ignoredChecksExist: Check = function* ({ preflight }) {
  for (const [index, name] of (preflight?.ignore ?? []).entries()) {
    const known = ['all', ...preflightNames];
    const isCalled = (each: string) =>
      each.endsWith('-')
        ? name?.toLowerCase().startsWith(each.toLowerCase())
        : name?.toLowerCase() === each.toLowerCase();
    if (name === undefined || known.some(isCalled)) continue;
    const message = `preflight.ignore: there is no check '${name}'`;
    const hint = didYouMean(name, known) ?? 'temper check --hosts names those that find something';
    yield { path: ['preflight', 'ignore', index], level: 'warning', message, hint };
  }
};

/** A certificate outlives its CA in vain. */
export const certificateAuthoritiesLast: Check = function* ({ kubernetes = {} }) {
  const { clusterConfiguration = {} } = kubernetes;
  if (Object.values(clusterConfiguration).includes(undefined)) return;
  const { certificateValidityPeriod = '8760h', caCertificateValidityPeriod = '87600h' } = clusterConfiguration;
  if (durationHours(caCertificateValidityPeriod) >= durationHours(certificateValidityPeriod)) return;
  yield {
    path: ['kubernetes', 'clusterConfiguration', 'caCertificateValidityPeriod'],
    level: 'warning',
    message: `the CAs are valid for ${caCertificateValidityPeriod}, which is less than the ${certificateValidityPeriod} of their certificates`,
    hint: 'caCertificateValidityPeriod is usually ten times certificateValidityPeriod',
  };
};

const asked = "kubeadm's probes ask the usual port";
const ofTheMember = 'it follows from the host and the members of etcd';

/** By component, then by argument: why. */
const ownArguments = {
  apiServer: { 'secure-port': asked, 'advertise-address': 'networks.controlPlane chooses it' } as Reasons,
  controllerManager: { 'secure-port': asked } as Reasons,
  scheduler: { 'secure-port': asked } as Reasons,
  'etcd.local': {
    ...Object.fromEntries(
      ['name', 'initial-cluster', 'initial-cluster-state', 'initial-advertise-peer-urls', 'listen-peer-urls'].map(
        (name) => [name, ofTheMember],
      ),
    ),
    'data-dir': 'write etcd.local.dataDir',
  } as Reasons,
};
type Reasons = Record<string, string | undefined>;

const ownKubeletFields = {
  address: 'it is the control-plane address of each host',
  containerRuntimeEndpoint: "it is containerd's socket",
  healthzBindAddress: 'Temper and kubeadm ask 127.0.0.1:10248',
  healthzPort: 'Temper and kubeadm ask 127.0.0.1:10248',
  port: 'the API servers ask port 10250, which the firewall lets them',
  staticPodPath: 'manifests lie in /etc/kubernetes/manifests',
};

const documentTypes = {
  kubeletConfiguration: { apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration' },
  kubeProxyConfiguration: { apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration' },
};
