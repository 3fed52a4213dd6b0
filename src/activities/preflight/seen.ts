import { chooseAddress } from '../../cluster/addresses.js';
import type { BundleSummary } from '../../cluster/bundle.js';
import { isNode } from '../../cluster/cluster.js';
import { parseHostClaim, type HostClaim } from '../../cluster/host-record.js';
import { ownCa } from '../../cluster/kubeadm/certificates.js';
import { paths } from '../../cluster/paths.js';
import type { ClusterSpec, HostSpec } from '../../cluster/spec.js';
import type { FactReaders, SystemFact } from '../facts/facts.js';
import type { HostView } from '../step.js';

/** All that the preflight judges: what was asked for, and what was seen on the host. Plain data. */
export interface Seen {
  spec: ClusterSpec;
  bundle: BundleSummary;
  host: HostSpec;
  /** Chosen on each plane; undefined where the host has none. */
  addresses: { controlPlane?: string; workloadPlane?: string };
  system: SystemFact;
  firewalldRuns: boolean;
  /** What /etc/temper/host.yaml says; undefined when there is none. */
  claim?: HostClaim | 'unreadable';
  /** /etc/temper/host.yaml is this cluster's, and so is the CA, or nothing of Kubernetes is left: what stands on the host is our own. */
  isOurs: boolean;
  /** Those of `kubernetesFiles` that exist. */
  files: string[];
  /** Of `ownCa`. */
  clusterCa: { recorded?: string; present?: string; hasKey?: boolean };
  /** What lies where etcd will keep its data. */
  etcdData: { folder: string; entries: string[] };
  /** Versions of those of `knownPackages` that are installed. */
  packages: Record<string, string>;
  /** Those of `knownUnits` that are active. */
  units: string[];
  /** A Salt minion that runs has its configuration from Temper. */
  saltMinionIsOurs: boolean;
  userId: string;
  /** The first nameserver answers, be it that the name does not exist. */
  nameserverAnswers: boolean;
  /** Seconds by which the host's clock is ahead of the worker's; negative: behind. */
  clockAheadSeconds: number;
}

/** What kubeadm writes; where one exists, the host is a node of some cluster. */
export const kubernetesFiles = [
  ...['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'].map(
    (name) => `${paths.manifests}/${name}.yaml`,
  ),
  ...['admin.conf', 'kubelet.conf'].map((name) => `${paths.kubernetes}/${name}`),
  `${paths.pki}/ca.crt`,
];

/** Packages that bring a container runtime or a Kubernetes of their own. */
export const foreignPackages = ['docker.io', 'docker-ce', 'moby-engine', 'podman-docker', 'cri-o', 'k3s', 'microk8s'];
const knownPackages = [...foreignPackages, 'containerd.io', 'containerd', 'kubelet', 'container-selinux'];

/** Units of other container runtimes and other distributions of Kubernetes. */
export const foreignUnits = [
  ...['docker', 'crio', 'k3s', 'k3s-agent', 'rke2-server', 'rke2-agent', 'k0scontroller', 'k0sworker'],
  'snap.microk8s.daemon-kubelite',
];
const knownUnits = [...foreignUnits, 'kubelet', 'salt-minion', 'network-online.target'];

/** Reads everything in one pass. */
export async function readSeen(view: HostView, asked: Pick<Seen, 'spec' | 'bundle' | 'host'>): Promise<Seen> {
  const { facts } = view;
  const etcdFolder = asked.spec.kubernetes.clusterConfiguration.etcd?.local?.dataDir ?? paths.etcdData;
  const [system, claimText, recorded, ca, files, etcdData, packages, units, saltConfig, firewall, userId, nameserver] =
    await Promise.all([
      facts.system().then((fact) => ({ fact, workerSeconds: Date.now() / 1000 })),
      facts.text(paths.hostRecord),
      facts.text(paths.clusterCaRecord),
      facts.certificate(ownCa(asked.host)),
      existing(facts),
      facts.folder(etcdFolder),
      installed(facts),
      active(facts),
      facts.file(paths.saltMinionConfig),
      facts.firewall(),
      view.ask('id -u'),
      // A name that never exists: only a nameserver that cannot be reached makes this take seconds.
      view.ask('timeout 3 getent ahostsv4 nameserver-check.invalid.'),
    ]);
  const claim = claimText === undefined ? undefined : parseHostClaim(claimText);
  const clusterCa = { recorded: recorded?.trim(), present: ca?.fingerprint, hasKey: ca?.keyPresent };
  const isSameCa = !clusterCa.recorded || clusterCa.recorded === clusterCa.present;
  // After `kubeadm reset` nothing of the cluster is left but our own record, and the host may join again.
  const isReset = !clusterCa.present && files.length === 0 && !etcdData?.length;
  const isOurs = claim?.cluster === asked.spec.name && claim.name === asked.host.name && (isSameCa || isReset);
  return {
    ...asked,
    system: system.fact,
    claim: claimText === undefined ? undefined : (claim ?? 'unreadable'),
    firewalldRuns: firewall.runs,
    isOurs,
    addresses: addressesOf(asked, system.fact, isOurs ? claim : undefined),
    files,
    clusterCa,
    etcdData: { folder: etcdFolder, entries: etcdData ?? [] },
    packages,
    units,
    saltMinionIsOurs: saltConfig !== undefined,
    userId: userId.stdout.trim(),
    nameserverAnswers: nameserver.code !== timedOut,
    clockAheadSeconds: system.fact.clockSeconds - system.workerSeconds,
  };
}

/** Of timeout(1). */
const timedOut = 124;

function addressesOf(
  { spec, host }: Pick<Seen, 'spec' | 'host'>,
  { addresses }: SystemFact,
  claim?: HostClaim,
): Seen['addresses'] {
  const { networks, apiServer } = spec;
  const exclude = apiServer.virtualIP ? [apiServer.virtualIP] : [];
  const choose = (cidrs: string[], recorded?: string) => chooseAddress(cidrs, addresses, { recorded, exclude });
  const controlPlane = choose(networks.controlPlane, claim?.controlPlaneAddress);
  // No pod of the cluster's network runs on a host that is no node: it need not have an address there.
  if (!isNode(host)) return { controlPlane, workloadPlane: controlPlane };
  return { controlPlane, workloadPlane: choose(networks.workloadPlane, claim?.workloadPlaneAddress) };
}

async function existing(facts: FactReaders): Promise<string[]> {
  const found = await Promise.all(kubernetesFiles.map((path) => facts.file(path)));
  return kubernetesFiles.filter((_, index) => found[index]);
}

async function installed(facts: FactReaders): Promise<Record<string, string>> {
  const found = await Promise.all(
    knownPackages.map(async (name) => [name, (await facts.package(name))?.version] as const),
  );
  return Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

async function active(facts: FactReaders): Promise<string[]> {
  const found = await Promise.all(knownUnits.map((name) => facts.unit(name)));
  return knownUnits.filter((_, index) => found[index]?.active === 'active');
}
