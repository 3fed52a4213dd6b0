import type { Cluster, HostRecord } from '../../cluster/cluster.js';
import type { RunbookEntry } from './entry.js';
import { installAddons } from './install-addons.js';
import { copyCertificates, extendEtcd, joinControlPlane } from './join-control-plane.js';
import { confirmNode, joinWorkerNode } from './join-worker-node.js';
import { prepareBootstrapHost, pullImages } from './prepare-bootstrap-host.js';
import { prepareHost, readyHost } from './prepare-host.js';
import {
  isBootstrapHost,
  isFirstControlPlane,
  isFirstEtcdHost,
  isJoining,
  isOtherControlPlane,
  isOtherEtcdHost,
  isWorkerNode,
} from './roles.js';
import { connectSaltMinion, startSaltMaster } from './salt.js';
import { completeControlPlane, startControlPlane } from './start-control-plane.js';
import { joinEtcdHosts, startEtcd } from './start-etcd.js';

/** Which steps run on which hosts. When and in what order is bootstrap.ts's matter. */
export const phases = {
  'ready-host': {
    title: 'Make the hosts ready',
    isFor: () => true,
    entries: readyHost,
  },
  'prepare-bootstrap-host': {
    title: 'Prepare the bootstrap host',
    isFor: isBootstrapHost,
    entries: prepareBootstrapHost,
  },
  'prepare-host': {
    title: 'Prepare the other hosts',
    isFor: (cluster, host) => !isBootstrapHost(cluster, host),
    entries: prepareHost,
  },
  'pull-images': {
    title: 'Pull the images of the bootstrap host',
    isFor: isBootstrapHost,
    entries: pullImages,
  },
  'start-etcd': {
    title: 'Start the first etcd host',
    isFor: isFirstEtcdHost,
    entries: startEtcd,
  },
  'join-etcd': {
    title: 'Join the other etcd hosts',
    isFor: isOtherEtcdHost,
    entries: joinEtcdHosts,
  },
  'start-control-plane': {
    title: 'Start the control plane',
    isFor: isFirstControlPlane,
    entries: startControlPlane,
  },
  'complete-control-plane': {
    title: 'Complete the control plane',
    isFor: isFirstControlPlane,
    entries: completeControlPlane,
  },
  'install-addons': {
    title: 'Install add-ons',
    isFor: isFirstControlPlane,
    entries: installAddons,
  },
  'copy-certificates': {
    title: 'Copy certificates to control planes',
    isFor: isOtherControlPlane,
    entries: copyCertificates,
  },
  'extend-etcd': {
    title: 'Take control planes into etcd',
    isFor: isOtherControlPlane,
    entries: extendEtcd,
  },
  'join-control-plane': {
    title: 'Join control planes',
    isFor: isOtherControlPlane,
    entries: joinControlPlane,
  },
  'join-worker-node': {
    title: 'Join worker nodes',
    isFor: isWorkerNode,
    entries: joinWorkerNode,
  },
  'confirm-node': {
    title: 'Confirm the nodes that joined',
    follows: ['join-control-plane', 'join-worker-node'],
    isFor: isJoining,
    entries: confirmNode,
  },
  'start-salt-master': {
    title: 'Start the Salt master',
    isFor: isBootstrapHost,
    entries: startSaltMaster,
  },
  'connect-salt': {
    title: 'Connect the Salt minions',
    isFor: () => true,
    entries: connectSaltMinion,
  },
} satisfies Record<string, Phase>;

export type PhaseName = keyof typeof phases;
/** In the order of the runbook. */
export const phaseNames = Object.keys(phases) as PhaseName[];

export interface Phase {
  title: string;
  /** It changes nothing, and has work on a host where one of these phases has. */
  follows?: readonly string[];
  isFor(cluster: Cluster, host: HostRecord): boolean;
  entries: RunbookEntry[];
}

/** The steps of one phase on one host, with the conditions of the entries applied. */
export function entriesOf(phase: PhaseName, cluster: Cluster, host: HostRecord): RunbookEntry[] {
  return phases[phase].entries.filter((entry: RunbookEntry) => entry.when?.(cluster, host) ?? true);
}

/** Whether the runbook has something for this host in the phase. */
export function concerns(phase: PhaseName, cluster: Cluster, host: HostRecord): boolean {
  return phases[phase].isFor(cluster, host) && entriesOf(phase, cluster, host).length > 0;
}

/** Every step that a host goes through, in order: what `temper plan`, the approval and drift look at. */
export function runbookOf(cluster: Cluster, host: HostRecord): RunbookEntry[] {
  return phaseNames
    .filter((name) => phases[name].isFor(cluster, host))
    .flatMap((name) => entriesOf(name, cluster, host));
}
