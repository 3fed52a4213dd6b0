import type { Command } from 'commander';
import { lookAtHost } from '../../activities/look-at-host.js';
import type { HostFinding, HostLook } from '../../activities/calls.js';
import { networkProbes } from '../../activities/network/probes.js';
import { readBundle, verifyWholeBundle } from '../../activities/read-bundle.js';
import { viewOf } from '../../activities/view.js';
import type { BundleSummary } from '../../cluster/bundle.js';
import { clusterOf } from '../../cluster/cluster.js';
import { TemperError } from '../../cluster/errors.js';
import { etcdFindings } from '../../cluster/etcd-findings.js';
import { kubeadmConfigText, kubeadmDocuments } from '../../cluster/kubeadm/documents.js';
import type { ClusterSpec } from '../../cluster/spec.js';
import { virtualIpFindings } from '../../cluster/virtual-ip-findings.js';
import { formatFinding } from '../../cluster/yaml-source.js';
import { Doors } from '../../host/doors.js';
import { checkNetwork } from '../../workflows/check-network.js';
import { hostTarget } from '../../workflows/host-target.js';
import { oneClusterFindings } from '../../workflows/one-cluster.js';
import { readCluster } from '../cluster-file.js';
import { action, command } from '../command.js';
import type { Options } from '../command.js';
import { exitCodes } from '../exit-codes.js';
import type { ExitCode } from '../exit-codes.js';
import { about, note, print, printJson } from '../print.js';
import { findingLines } from '../views/finding-lines.js';

interface Given extends Options {
  hosts?: boolean;
  kubeadmConfig?: string;
}

export function check(): Command {
  return command('check', {
    description:
      'Checks cluster.yaml alone, without network; with --hosts also the bundle and the hosts, reading only.',
    example: 'temper check cluster.yaml --hosts',
  })
    .argument('[file]', 'the cluster', 'cluster.yaml')
    .option('--hosts', 'look at the bundle and at every host too')
    .option('--kubeadm-config <host>', "print the kubeadm documents that equal this host's answers")
    .action(
      action(async ({ hosts, kubeadmConfig, json }: Given, file: string) => {
        const { spec, findings } = await readCluster(file);
        // What is printed for kubeadm is for kubeadm alone.
        const say = kubeadmConfig ? note : print;
        if (!json) for (const finding of findings) say(formatFinding(finding));
        if (spec && kubeadmConfig) return printKubeadmConfig(spec, kubeadmConfig, json);
        const { looks, network } = spec && hosts ? await lookAtAll(spec) : { looks: [], network: [] };
        const hostFindings = [...looks.flatMap((look) => look.findings), ...network];
        if (json) printJson({ valid: spec !== undefined, findings, hosts: looks, network });
        else for (const line of findingLines(hostFindings)) print(line);
        if (!spec || hostFindings.some(({ level }) => level === 'error')) return exitCodes.badInput;
        if (!json) print(hosts ? `${file} is valid, and the hosts are fit` : `${file} is valid`);
        return exitCodes.done;
      }),
    );
}

/** Every host by itself, then those that could be looked at as one cluster and one network. */
async function lookAtAll(spec: ClusterSpec): Promise<{ looks: HostLook[]; network: HostFinding[] }> {
  const bundle = await readBundle({ folder: spec.bundle });
  await verifyWholeBundle({ folder: spec.bundle });
  return withDoors(async (doors) => {
    const looks = await lookAtHosts(doors, spec, bundle);
    const probes = networkProbes((host) => viewOf(host, doors));
    const network = await checkNetwork(clusterOf(spec, bundle, looks), probes);
    const together = [
      ...oneClusterFindings(looks),
      ...virtualIpFindings(spec, looks),
      ...etcdFindings(spec, looks, []),
    ];
    return { looks, network: [...together, ...network] };
  });
}

async function withDoors<T>(work: (doors: Doors) => Promise<T>): Promise<T> {
  const doors = new Doors();
  try {
    return await work(doors);
  } finally {
    doors.close();
  }
}

async function lookAtHosts(doors: Doors, spec: ClusterSpec, bundle: BundleSummary): Promise<HostLook[]> {
  return Promise.all(spec.hosts.map(({ name }) => look(doors, spec, name, bundle)));
}

/** A host that does not let us in is a finding like any other. */
async function look(doors: Doors, spec: ClusterSpec, host: string, bundle: BundleSummary): Promise<HostLook> {
  try {
    return await lookAtHost(await viewOf(hostTarget(spec, host), doors), spec, host, bundle);
  } catch (error) {
    if (!(error instanceof TemperError)) throw error;
    const { code, message, hint } = about(error);
    const finding: HostFinding = { host, check: code, level: 'error', message, hint };
    return { generation: 0, findings: [finding] };
  }
}

/** What a host would answer depends on the host: its addresses and a few settings of its system. */
async function printKubeadmConfig(spec: ClusterSpec, host: string, json?: boolean): Promise<ExitCode> {
  if (!spec.hosts.some(({ name }) => name === host)) {
    const names = spec.hosts.map(({ name }) => name).join(', ');
    throw new TemperError('USAGE', `${spec.name} has no host ${host}`, { hint: `its hosts are ${names}` });
  }
  const bundle = await readBundle({ folder: spec.bundle });
  const looks = await withDoors((doors) => lookAtHosts(doors, spec, bundle));
  const cluster = clusterOf(spec, bundle, looks);
  const record = cluster.hosts.find(({ name }) => name === host);
  if (!record) throw new TemperError('HOST_UNFIT', findingLines(looks.flatMap((look) => look.findings)).join('\n'));
  if (json) printJson(kubeadmDocuments(cluster, record));
  else process.stdout.write(kubeadmConfigText(cluster, record));
  return exitCodes.done;
}
