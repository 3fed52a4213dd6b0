import { createHash } from 'node:crypto';
import { parse } from 'yaml';
import type {
  FactReaders,
  FirewallFact,
  ImageFact,
  KubeObject,
  PackageFact,
  SystemFact,
  UnitFact,
} from '../../src/activities/facts/facts.js';
import type { HostView } from '../../src/activities/step.js';
import type { HostRecord } from '../../src/cluster/cluster.js';
import { paths } from '../../src/cluster/paths.js';
import { answers } from './fake-commands.js';
import type { FakeEtcd } from './fake-etcd.js';
import { bareSystem, systemOf } from './fake-system.js';

/** A host in memory: plain data, to be cloned and compared. `apply` (fake-changes.ts) writes to it, `hostView` lets steps read it. */
export interface FakeHost {
  /** By path; every parent folder is there too. */
  files: Record<string, FakeFile>;
  units: Record<string, UnitFact>;
  packages: Record<string, PackageFact>;
  images: Record<string, ImageFact>;
  /** By `objectKey`. */
  objects: Record<string, KubeObject>;
  /** As all hosts of the world have it. */
  etcd: FakeEtcd;
  sysctls: Record<string, string>;
  modules: string[];
  firewall: FirewallFact;
  system: SystemFact;
  /** Every secret that was made, in order; a secret that is made twice stands here twice. */
  made: string[];
}

export type FakeFile = { type: 'directory'; mode: string } | { type: 'file'; mode: string; content: string };

/** Hosts by name. Their API objects and their etcd are one and the same, so a clone of a world is a world; a clone of its host is a host apart. */
export type FakeWorld = Record<string, FakeHost>;

export function bareWorld(records: HostRecord[]): FakeWorld {
  const shared: Pick<FakeHost, 'objects' | 'etcd'> = { objects: {}, etcd: [] };
  return Object.fromEntries(
    records.map((record) => [record.name, { ...bareHost(), ...shared, system: systemOf(record) }]),
  );
}

export function hostIn(world: FakeWorld, name: string): FakeHost {
  const host = world[name];
  if (!host) throw new Error(`there is no host ${name}`);
  return host;
}

export function bareHost(): FakeHost {
  const noRules = { richRules: [], trustedSources: [] };
  return {
    files: { '/': { type: 'directory', mode: '0755' } },
    units: {},
    packages: {},
    images: {},
    objects: {},
    etcd: [],
    sysctls: { 'net.ipv4.ip_forward': '0' },
    modules: [],
    firewall: { runs: true, permanent: noRules, runtime: noRules },
    system: bareSystem,
    made: [],
  };
}

/** `world`: who else is there to look at. */
export function hostView(host: FakeHost, world: FakeWorld = {}): HostView {
  return {
    name: host.system.hostname,
    facts: factsOf(host),
    now: { object: factsOf(host).object, served: async () => undefined },
    elsewhere: async ({ name }) => hostView(hostIn(world, name), world),
    ask: async (script, ...args) => {
      const row = answers.find(({ asked }) => asked.test(script));
      if (!row) throw new Error(`the fake host has no answer to: ${script} ${args.join(' ')} (fake-commands.ts)`);
      return { code: 0, stdout: '', stderr: '', ...row.answer(host, ...args) };
    },
    until: async (what, _seconds, probe) => {
      const answer = await probe();
      if (answer !== undefined) throw new Error(`${what}: ${answer}`);
    },
  };
}

function factsOf(host: FakeHost): FactReaders {
  return {
    file: async (path) => {
      const file = host.files[path];
      if (!file) return undefined;
      const owner = { owner: 'root', group: 'root' };
      if (file.type === 'directory') return { type: 'directory', mode: file.mode, ...owner, size: 4096 };
      return {
        type: 'file',
        mode: file.mode,
        ...owner,
        size: Buffer.byteLength(file.content),
        sha256: sha256(file.content),
      };
    },
    text: async (path) => textOf(host, path),
    folder: async (path) => (host.files[path]?.type === 'directory' ? namesIn(host, path) : undefined),
    unit: async (name) => host.units[unitName(name)] ?? { load: 'not-found', active: 'inactive', enabled: '' },
    package: async (name) => host.packages[name],
    image: async (name) => host.images[name],
    container: async (name) => runningContainers(host)[name],
    object: async (ref) => (apiServerRuns(host) ? host.objects[objectKey(ref)] : undefined),
    sysctl: async (key) => host.sysctls[key],
    module: async (name) => host.modules.includes(name),
    firewall: async () => host.firewall,
    system: async () => host.system,
    certificate: async (path) => {
      const certificate = textOf(host, `${path}.crt`);
      return certificate && { ...JSON.parse(certificate), keyPresent: `${path}.key` in host.files };
    },
    kubeconfig: async (path) => readKubeconfig(host, path),
  };
}

/** Of the static pods in the manifest folder; they run when the kubelet does and their image is there. */
export function runningContainers(host: FakeHost): Record<string, { id: string; state: string }> {
  if (host.units.kubelet?.active !== 'active') return {};
  const running: Record<string, { id: string; state: string }> = {};
  for (const name of namesIn(host, paths.manifests)) {
    const manifest = textOf(host, `${paths.manifests}/${name}`)!;
    for (const container of containersOf(manifest)) {
      if (host.images[container.image]) running[container.name] = { id: sha256(manifest), state: 'RUNNING' };
    }
  }
  return running;
}

const parsedManifests = new Map<string, { name: string; image: string }[]>();

/** Parsed once: the crash tests look at the same few manifests some hundred thousand times. */
function containersOf(manifest: string): { name: string; image: string }[] {
  if (!parsedManifests.has(manifest)) parsedManifests.set(manifest, parse(manifest).spec.containers);
  return parsedManifests.get(manifest)!;
}

export function apiServerRuns(host: FakeHost): boolean {
  const running = runningContainers(host);
  if (!('kube-apiserver' in running)) return false;
  const usesOwnEtcd = textOf(host, `${paths.manifests}/kube-apiserver.yaml`)!.includes(
    '--etcd-servers=https://127.0.0.1:',
  );
  return usesOwnEtcd ? 'etcd' in running : host.etcd.length > 0;
}

export function textOf(host: FakeHost, path: string): string | undefined {
  const file = host.files[path];
  return file?.type === 'file' ? file.content : undefined;
}

export function namesIn(host: FakeHost, folder: string): string[] {
  const prefix = `${folder}/`;
  return Object.keys(host.files)
    .filter((path) => path.startsWith(prefix) && !path.slice(prefix.length).includes('/'))
    .map((path) => path.slice(prefix.length))
    .sort();
}

export function objectKey(ref: { apiVersion: string; kind: string; namespace?: string; name: string }): string {
  return `${ref.apiVersion} ${ref.kind} ${ref.namespace ?? ''}/${ref.name}`;
}

export function unitName(name: string): string {
  return name.replace(/\.service$/, '');
}

export function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The fake's certificates are JSON, so what a kubeconfig embeds can be read back. */
function readKubeconfig(host: FakeHost, path: string): Awaited<ReturnType<FactReaders['kubeconfig']>> {
  const text = textOf(host, path);
  if (text === undefined) return undefined;
  const config = parse(text);
  const { cluster } = config.clusters[0];
  const user = config.users[0];
  const decode = (data?: string) => data && JSON.parse(Buffer.from(data, 'base64').toString());
  return {
    server: cluster.server,
    user: user.name,
    context: config['current-context'],
    caFingerprint: decode(cluster['certificate-authority-data'])?.fingerprint,
    certificate: decode(user.user['client-certificate-data']),
    certificateFile: user.user['client-certificate'],
  };
}
