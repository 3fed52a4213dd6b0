import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'yaml';
import {
  joinLabel,
  objectRef,
  type Change,
  type ChangeKind,
  type ObjectChange,
} from '../../src/activities/changes/change.js';
import type { CertificateFact, KubeObject } from '../../src/activities/facts/facts.js';
import type { CertificateSpec } from '../../src/cluster/certificates.js';
import { paths } from '../../src/cluster/paths.js';
import { commandEffects } from './fake-commands.js';
import { changeMembers, etcdManifestText, startEtcd } from './fake-etcd.js';
import {
  apiServerRuns,
  hostIn,
  namesIn,
  objectKey,
  runningContainers,
  sha256,
  textOf,
  unitName,
  type FakeHost,
  type FakeWorld,
} from './fake-host.js';

/** Performs a change on the fake host as the docstrings of change.ts promise. It throws where the real one would fail, such as a unit without its package. */
export function apply(host: FakeHost, change: Change, world: FakeWorld = {}): void {
  (appliers[change.kind] as (host: FakeHost, change: Change, world: FakeWorld) => void)(host, change, world);
  for (const each of all(host, world)) settle(each, world);
}

const appliers: {
  [Kind in ChangeKind]: (host: FakeHost, change: Extract<Change, { kind: Kind }>, world: FakeWorld) => void;
} = {
  file: (host, { path, mode, content }) => write(host, path, content, mode),
  directory: (host, { path, mode }) => {
    makeFolder(host, path);
    host.files[path] = { type: 'directory', mode };
  },
  absent: (host, { path }) => {
    if (namesIn(host, path).length) throw new Error(`${path} is not empty`);
    delete host.files[path];
  },
  upload: (host, { source, path, files }) => {
    for (const file of files) {
      const content = readFileSync(join(source, file.path), 'utf8');
      if (sha256(content) !== file.sha256) throw new Error(`${file.path} differs from its checksum`);
      write(host, join(path, file.path), content);
    }
  },
  packages: (host, { install }) => {
    for (const [name, version] of Object.entries(install)) {
      host.packages[name] = { version, held: true };
      installed[name]?.(host);
    }
  },
  unit: (host, { name, inputsDigest }) => {
    if (host.units[unitName(name)]?.load !== 'loaded') throw new Error(`Unit ${name} not found`);
    host.units[unitName(name)] = { load: 'loaded', active: 'active', enabled: 'enabled', startedWith: inputsDigest };
  },
  sysctl: (host, { key, value }) => {
    if (!(key in host.sysctls)) throw new Error(`cannot stat /proc/sys/${key.replaceAll('.', '/')}`);
    host.sysctls[key] = value;
  },
  module: (host, { name }) => {
    if (!host.modules.includes(name)) host.modules.push(name);
  },
  openings: (host, { richRules, trustedSources }) => {
    if (!host.firewall.runs) throw new Error('FirewallD is not running');
    const added = (rules: FakeHost['firewall']['runtime']) => ({
      richRules: [...new Set([...rules.richRules, ...richRules])].sort(),
      trustedSources: [...new Set([...rules.trustedSources, ...trustedSources])].sort(),
    });
    host.firewall = { runs: true, runtime: added(host.firewall.runtime), permanent: added(host.firewall.permanent) };
  },
  image: (host, { name, digest, from }, world) => {
    if (host.units.containerd?.active !== 'active') throw new Error('containerd does not run');
    if (from === 'registry' && !all(host, world).some((each) => 'nginx' in runningContainers(each)))
      throw new Error('the registry does not run');
    if (from !== 'registry' && !(`${from.archive}/index.json` in host.files))
      throw new Error(`no image in ${from.archive}`);
    host.images[name] = { digest, pinned: from !== 'registry' };
  },
  certificate: (host, { path, spec, signer, signerHost, validityHours }, world) => {
    if (`${path}.crt` in host.files && `${path}.key` in host.files) return;
    write(host, `${path}.key`, secret(host, `key of ${path}`), '0600');
    write(
      host,
      `${path}.crt`,
      JSON.stringify(
        sign(
          signerHost ? hostIn(world, signerHost.name) : host,
          path,
          spec,
          signer === 'self' ? path : signer,
          validityHours,
        ),
      ),
    );
  },
  keyPair: (host, { path, extension = 'key' }) => {
    const [key, pub] = [`${path}.${extension}`, `${path}.pub`];
    if (key in host.files && pub in host.files) return;
    const what = `key of ${path}`;
    write(host, key, secret(host, what), '0600');
    const times = host.made.filter((each) => each === what).length;
    write(host, pub, `BEGIN\npublic half ${times} of the ${what} on ${host.system.hostname}\nEND\n`, '0600');
  },
  kubeconfig: (host, change) => {
    if (change.path in host.files) return;
    const { path, server, clusterName, user, organizations, ca, validityHours } = change;
    const spec: CertificateSpec = {
      commonName: user,
      organizations,
      isCa: false,
      usages: ['client'],
      dnsNames: [],
      ipAddresses: [],
    };
    const certificate = JSON.stringify(sign(host, path, spec, ca, validityHours));
    const client = {
      'client-certificate-data': base64(certificate),
      'client-key-data': base64(secret(host, `key of ${path}`)),
    };
    const authority = textOf(host, `${ca}.crt`)!;
    write(host, path, stringify(kubeconfig({ server, authority, user, client, clusterName })), '0600');
  },
  bootstrapKubeconfig: (host, { path, server, ca, nodeName, from }, world) => {
    if (path in host.files) return;
    const authority = textOf(host, `${ca}.crt`);
    if (authority === undefined) throw new Error(`there is no CA ${ca}`);
    const labels = { [joinLabel]: nodeName };
    const token = makeToken(hostIn(world, from.host.name), `bootstrap token of ${nodeName}`, { labels });
    write(host, path, stringify(kubeconfig({ server, authority, user: 'bootstrap', client: { token } })), '0600');
  },
  copy: (host, { path, mode, from, replace }, world) => {
    const content = textOf(hostIn(world, from.host.name), from.path);
    if (content === undefined) throw new Error(`cannot read ${from.path} of ${from.host.name}`);
    if (replace || !(path in host.files)) write(host, path, content, mode);
  },
  elsewhere: (_host, { host, change }, world) => apply(hostIn(world, host.name), change, world),
  etcdMember: changeMembers,
  etcdManifest: (host, change) => write(host, change.path, etcdManifestText(host, change), '0600'),
  bootstrapToken: (host, { groups, description }) => {
    makeToken(host, 'bootstrap token', { data: { 'auth-extra-groups': groups.join(','), description } });
  },
  object: (host, change) => {
    needApiServer(host);
    putObject(host, objectAfter(host, change));
  },
  command: (host, { title, args = [] }) => {
    const effect = Object.entries(commandEffects).find(([start]) => title.startsWith(start))?.[1];
    if (!effect) throw new Error(`the fake host does not know what '${title}' does (fake-commands.ts)`);
    effect(host, ...args);
  },
};

/** What a package brings besides its programs. */
const installed: Record<string, (host: FakeHost) => void> = {
  containerd: (host) => addUnit(host, 'containerd'),
  kubelet: (host) => {
    addUnit(host, 'kubelet');
    makeFolder(host, paths.manifests);
    makeFolder(host, paths.kubelet);
  },
  'salt-minion': (host) => addUnit(host, 'salt-minion'),
};

/** What the host's own components do by themselves after a change. */
function settle(host: FakeHost, world: FakeWorld): void {
  if (host.modules.includes('br_netfilter')) {
    for (const family of ['iptables', 'ip6tables']) host.sysctls[`net.bridge.bridge-nf-call-${family}`] ??= '0';
  }
  const etcdData = startEtcd(host);
  if (etcdData) makeFolder(host, `${etcdData}/member/wal`);
  if (apiServerRuns(host)) makeNamespaces(host);
  settleKubelet(host, world);
}

function makeNamespaces(host: FakeHost): void {
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) {
    host.objects[objectKey({ apiVersion: 'v1', kind: 'Namespace', name })] ??= named('Namespace', name);
  }
}

/** With kubelet.conf it registers the Node; with a bootstrap token it gets itself a kubelet.conf first. */
function settleKubelet(host: FakeHost, world: FakeWorld): void {
  if (paths.standaloneKubeletDropIn in host.files || host.units.kubelet?.active !== 'active') return;
  const bootstrap = textOf(host, `${paths.kubernetes}/bootstrap-kubelet.conf`);
  const own = textOf(host, `${paths.kubernetes}/kubelet.conf`);
  const config = own ?? bootstrap;
  if (config === undefined || !answers(parse(config).clusters[0].cluster.server, host, world)) return;
  if (own === undefined) write(host, `${paths.kubernetes}/kubelet.conf`, certified(config), '0600');
  host.objects[objectKey({ apiVersion: 'v1', kind: 'Node', name: host.system.hostname })] ??= named(
    'Node',
    host.system.hostname,
  );
  const clientCertificate = `${paths.kubelet}/pki/kubelet-client-current.pem`;
  if (!(clientCertificate in host.files)) write(host, clientCertificate, 'certificate and key of the kubelet', '0600');
}

/** The API server of the host with that address; an address that is no host's is all API servers'. */
function answers(server: string, host: FakeHost, world: FakeWorld): boolean {
  const { hostname } = new URL(server);
  const owner = all(host, world).find(({ system }) => system.addresses.some(({ address }) => address === hostname));
  return (owner ? [owner] : all(host, world)).some(apiServerRuns);
}

function certified(bootstrap: string): string {
  const config = parse(bootstrap);
  const pem = `${paths.kubelet}/pki/kubelet-client-current.pem`;
  config.users[0].user = { 'client-certificate': pem, 'client-key': pem };
  return stringify(config);
}

function kubeconfig({ server, authority, user, client, clusterName = 'kubernetes' }: FakeKubeconfig): object {
  const context = `${user}@${clusterName}`;
  return {
    clusters: [{ name: clusterName, cluster: { server, 'certificate-authority-data': base64(authority) } }],
    contexts: [{ name: context, context: { cluster: clusterName, user } }],
    'current-context': context,
    users: [{ name: user, user: client }],
  };
}

interface FakeKubeconfig {
  server: string;
  /** The certificate of the CA. */
  authority: string;
  user: string;
  client: Record<string, string>;
  clusterName?: string;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** Puts the token's Secret and returns what is secret of it. */
function makeToken(host: FakeHost, what: string, content: { labels?: Record<string, string>; data?: object }): string {
  needApiServer(host);
  const token = secret(host, what);
  const metadata = {
    namespace: 'kube-system',
    name: `bootstrap-token-${sha256(token).slice(0, 6)}`,
    labels: content.labels,
  };
  const type = 'bootstrap.kubernetes.io/token';
  putObject(host, { apiVersion: 'v1', kind: 'Secret', metadata, type, data: content.data });
  return token;
}

function all(host: FakeHost, world: FakeWorld): FakeHost[] {
  return [...new Set([host, ...Object.values(world)])];
}

function objectAfter(host: FakeHost, change: ObjectChange): KubeObject {
  const present = host.objects[objectKey(objectRef(change))];
  if (change.how === 'create' && present) {
    throw new Error(`${change.object.kind} ${change.object.metadata.name} already exists`);
  }
  return present ? (merge(present, change.object) as KubeObject) : change.object;
}

function putObject(host: FakeHost, object: KubeObject): void {
  const { apiVersion, kind, metadata } = object;
  const key = objectKey({ apiVersion, kind, namespace: metadata.namespace, name: metadata.name });
  const uid = sha256(key).slice(0, 32);
  const stored = { ...object, metadata: { ...metadata, uid, creationTimestamp: '2026-01-01T00:00:00Z' } };
  if (!isDeepStrictEqual(host.objects[key], stored)) host.objects[key] = stored;
}

function named(kind: string, name: string): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name } };
}

/** As a merge patch: maps are merged, everything else is replaced. */
function merge(before: unknown, after: unknown): unknown {
  if (!isMap(before) || !isMap(after)) return after;
  const merged = { ...before };
  for (const [field, value] of Object.entries(after)) merged[field] = merge(before[field], value);
  return merged;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sign(
  host: FakeHost,
  path: string,
  spec: CertificateSpec,
  signer: string,
  hours: number,
): Omit<CertificateFact, 'keyPresent'> {
  if (signer !== path && !(`${signer}.key` in host.files)) throw new Error(`there is no CA ${signer}`);
  const notBefore = Date.parse('2026-01-01T00:00:00Z');
  return {
    ...spec,
    notBefore: new Date(notBefore).toISOString(),
    notAfter: new Date(notBefore + hours * 3_600_000).toISOString(),
    fingerprint: sha256(`${path} ${JSON.stringify(spec)}`),
    subjectKeyId: sha256(path).slice(0, 40),
    authorityKeyId: sha256(signer).slice(0, 40),
  };
}

function secret(host: FakeHost, what: string): string {
  host.made.push(what);
  return `SECRET ${what}`;
}

function needApiServer(host: FakeHost): void {
  if (!apiServerRuns(host)) throw new Error('The connection to the server was refused');
}

function addUnit(host: FakeHost, name: string): void {
  host.units[name] ??= { load: 'loaded', active: 'inactive', enabled: 'disabled' };
}

export function write(host: FakeHost, path: string, content: string, mode = '0644'): void {
  makeFolder(host, dirname(path));
  host.files[path] = { type: 'file', mode, content };
}

function makeFolder(host: FakeHost, path: string): void {
  if (host.files[path]?.type === 'file') throw new Error(`${path} is not a folder`);
  if (path in host.files) return;
  makeFolder(host, dirname(path));
  host.files[path] = { type: 'directory', mode: '0755' };
}
