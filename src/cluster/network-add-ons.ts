import { grown, isNode, isWhole, type Cluster } from './cluster.js';

export type NetworkAddOn = 'calico' | 'flannel';

/** What a network add-on's manifest must be told about this cluster. */
export interface Network {
  addOn: NetworkAddOn;
  pods: string;
  /** Of every node, for traffic between pods of different nodes. */
  workloadPlaneAddresses: string[];
  /** Addresses that it has been told already stay, as this run does not know all nodes. */
  keepsAddresses: boolean;
}

/** The add-on that cluster.yaml names, else what the bundle carries, Calico first; undefined for `none`. */
export function networkAddOn({ spec, bundle }: Pick<Cluster, 'spec' | 'bundle'>): NetworkAddOn | undefined {
  const { cni = (['calico', 'flannel'] as const).find((addOn) => bundle.cni.includes(addOn)) } = spec.networks;
  return cni === 'none' ? undefined : cni;
}

export function networkOf(cluster: Cluster): Network {
  const addOn = networkAddOn(cluster);
  if (!addOn) throw new Error('this cluster has no network add-on');
  return {
    addOn,
    pods: cluster.spec.networks.pods,
    workloadPlaneAddresses: cluster.hosts.filter(isNode).map(({ workloadPlaneAddress }) => workloadPlaneAddress),
    keepsAddresses: !isWhole(cluster),
  };
}

/** The objects of upstream's manifest with this cluster's networks in them. `present`: those that the API server has. */
export function networkObjects<T extends ManifestObject>(objects: T[], network: Network, present: T[] = []): T[] {
  const adapted = structuredClone(objects);
  const before = network.keepsAddresses ? addressesIn(present, network.addOn) : [];
  const workloadPlaneAddresses = grown(before, network.workloadPlaneAddresses);
  adapters[network.addOn](adapted, { ...network, workloadPlaneAddresses });
  return adapted;
}

/** What the add-on has been told of the nodes' addresses. */
function addressesIn(objects: ManifestObject[], addOn: NetworkAddOn): string[] {
  const name = networkAgents[addOn].daemonSet;
  const daemonSet = objects.find(({ kind, metadata }) => kind === 'DaemonSet' && metadata.name === name);
  const [container] = daemonSet ? containersOf([daemonSet], name) : [];
  const told = [...(container?.args ?? []), ...(container?.env ?? []).map(({ name, value }) => `${name}=${value}`)];
  const list = told.find((each) => /^(--iface-regex|IP_AUTODETECTION_METHOD=cidr)=/.test(each)) ?? '';
  return list.replaceAll('\\', '').match(/\d+(\.\d+){3}/g) ?? [];
}

/** The part of an add-on that runs on every node. */
export interface NetworkAgent {
  daemonSet: string;
  /**
   * What it leaves on a node when pods can get addresses there. A node is Ready sooner: it looks for the plugin's configuration alone, and a pod
   * that is started in between fails, and is tried again after ten seconds or more.
   */
  mark: string;
  /** URL whose `/readiness` says whether pods of other nodes can be reached, where there is such a thing; flanneld's mark says it too. */
  health?: string;
}

export const networkAgents: Record<NetworkAddOn, NetworkAgent> = {
  flannel: { daemonSet: 'kube-flannel-ds', mark: '/run/flannel/subnet.env' },
  calico: { daemonSet: 'calico-node', mark: '/var/lib/calico/nodename', health: 'http://127.0.0.1:9099' },
};

interface ManifestObject {
  kind: string;
  metadata: { name: string };
  [field: string]: unknown;
}

const adapters: Record<NetworkAddOn, (objects: ManifestObject[], network: Network) => void> = {
  flannel: (objects, { pods, workloadPlaneAddresses }) => {
    const data = configOf(objects, 'kube-flannel-cfg');
    data['net-conf.json'] =
      `${JSON.stringify({ ...JSON.parse(data['net-conf.json'] ?? '{}'), Network: pods }, null, 2)}\n`;
    const [daemon] = containersOf(objects, networkAgents.flannel.daemonSet);
    // The interface of the default route, which it takes by itself, may lie in another plane. A pattern that no other address fits, the virtual IP neither.
    const addresses = workloadPlaneAddresses.map((address) => address.replaceAll('.', '\\.')).join('|');
    daemon!.args = [...(daemon!.args ?? []), `--iface-regex=^(${addresses})$`];
  },
  calico: (objects, { pods, workloadPlaneAddresses }) => {
    Object.assign(configOf(objects, 'calico-config'), { typha_service_name: 'none', calico_backend: 'vxlan' });
    const [node] = containersOf(objects, networkAgents.calico.daemonSet);
    setEnvironment(node!, {
      CALICO_IPV4POOL_CIDR: pods,
      CALICO_IPV4POOL_IPIP: 'Never',
      CALICO_IPV4POOL_VXLAN: 'Always',
      // A list of networks would choose by interface, in the kernel's order, and could take the virtual IP.
      IP_AUTODETECTION_METHOD: `cidr=${workloadPlaneAddresses.map((address) => `${address}/32`).join(',')}`,
    });
    withoutBird(node!);
  },
};

interface Container {
  args?: string[];
  env?: { name: string; value?: string }[];
  livenessProbe?: Probe;
  readinessProbe?: Probe;
}

interface Probe {
  exec?: { command: string[] };
}

function configOf(objects: ManifestObject[], name: string): Record<string, string> {
  return find(objects, 'ConfigMap', name).data as Record<string, string>;
}

function containersOf(objects: ManifestObject[], daemonSet: string): Container[] {
  const { spec } = find(objects, 'DaemonSet', daemonSet);
  return (spec as { template: { spec: { containers: Container[] } } }).template.spec.containers;
}

function find(objects: ManifestObject[], kind: string, name: string): ManifestObject {
  const object = objects.find((candidate) => candidate.kind === kind && candidate.metadata.name === name);
  if (!object) throw new Error(`the bundle's network manifest has no ${kind} ${name}`);
  return object;
}

function setEnvironment(container: Container, values: Record<string, string>): void {
  const others = (container.env ?? []).filter(({ name }) => !(name in values));
  container.env = [...others, ...Object.entries(values).map(([name, value]) => ({ name, value }))];
}

/** With VXLAN no BGP daemon runs that a probe could ask. */
function withoutBird({ livenessProbe, readinessProbe }: Container): void {
  for (const { exec } of [livenessProbe, readinessProbe].filter((probe) => probe !== undefined)) {
    if (exec) exec.command = exec.command.filter((argument) => !/^--?bird-/.test(argument));
  }
}
