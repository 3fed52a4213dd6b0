import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { Client, Connection } from '@temporalio/client';

import { projectFolder } from '../bundle/project-folder.js';
import { clusterYaml } from '../lab/cluster-yaml.js';
import type { ClusterYamlOptions } from '../lab/cluster-yaml.js';
import type { HostOptions, Lab } from '../lab/lab.js';
import { prepare } from '../lab/prepare.js';
import { startLab } from '../lab/start-lab.js';

/** A `temper` with a state folder of its own, for hosts that live as long as one measurement. */
export interface Bench {
  bundle: string;
  /** cluster.yaml of the hosts that are up. */
  spec: string;
  stateFolder: string;
  temper(...args: string[]): Promise<{ stdout: string }>;
  onFreshHosts<T>(
    name: string,
    hosts: HostOptions[],
    cluster: BenchCluster,
    work: (lab: Lab) => Promise<T>,
  ): Promise<T>;
}

type BenchCluster = Pick<ClusterYamlOptions, 'roles' | 'spec'>;

export async function withBench(work: (bench: Bench) => Promise<unknown>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'temper-bench-'));
  const spec = join(folder, 'cluster.yaml');
  const stateFolder = join(folder, 'state');
  const environment = { ...process.env, TEMPER_STATE: stateFolder };
  const { bundle } = await prepare(console.error);
  const temper: Bench['temper'] = (...args) =>
    promisify(execFile)(process.execPath, [join(projectFolder, 'dist/src/cli/main.js'), ...args], {
      env: environment,
      maxBuffer: 1 << 26,
    });
  const onFreshHosts: Bench['onFreshHosts'] = async (name, hosts, cluster, measure) => {
    const lab = await startLab({ prefix: `bench-${name}-${process.pid % 10_000}`, hosts });
    try {
      // The expert's script brings no Salt.
      const settings = { salt: { enabled: false }, ...cluster.spec };
      await writeFile(spec, clusterYaml(lab, { bundle, name: 'bench', ...cluster, spec: settings }));
      return await measure(lab);
    } finally {
      await lab.stop();
    }
  };
  try {
    await work({ bundle, spec, stateFolder, temper, onFreshHosts });
  } finally {
    await temper('down');
    await rm(folder, { recursive: true, force: true });
  }
}

/** `work` with the server that the bench's `temper` uses. */
export async function withServer<T>({ temper }: Bench, work: (client: Client) => Promise<T>): Promise<T> {
  const { stdout } = await temper('up', '--json');
  const { address, temporalNamespace } = JSON.parse(stdout) as { address: string; temporalNamespace: string };
  const connection = await Connection.connect({ address });
  try {
    return await work(new Client({ connection, namespace: temporalNamespace }));
  } finally {
    await connection.close();
  }
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

export function report(what: string, value: number, unit: string): void {
  console.log(`${what.padEnd(48)} ${value.toFixed(2).padStart(8)} ${unit}`);
}

/** A person at a terminal: what `source` prints goes to the command on the host. */
export async function pipeTo(lab: Lab, host: string, command: string, source: string[]): Promise<void> {
  const local = spawn(source[0]!, source.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  const arguments_ = [...lab.sshArguments(host), command];
  const remote = spawn('ssh', arguments_, { stdio: [local.stdout, 'ignore', 'inherit'] });
  const code = await new Promise((resolve) => remote.once('exit', resolve));
  if (code !== 0) throw new Error(`${host}: ${command} ended with ${String(code)}`);
}

/** The bundle, kubeadm's documents and the expert's script arrive, and the script runs as far as `part` says. */
export async function byExpert(
  lab: Lab,
  { bundle }: Bench,
  { host, documents, part }: { host: string; documents: string; part: 'first' | 'join' },
): Promise<void> {
  const script = await readFile(join(projectFolder, 'bench/expert.sh'), 'utf8');
  await pipeTo(lab, host, 'mkdir -p /root/bundle && tar -C /root/bundle -xf -', ['tar', '-C', bundle, '-cf', '-', '.']);
  await pipeTo(lab, host, 'cat > /root/kubeadm.yaml', ['printf', '%s', documents]);
  const { workloadAddress } = lab.host(host);
  await pipeTo(lab, host, `sh -s ${part} 10.233.0.0/16 ${workloadAddress} ${host}`, ['printf', '%s', script]);
}
