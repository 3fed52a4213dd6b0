import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { buildGo } from '../../bundle/from-source/build-go.js';
import type { KubeObject } from '../../src/activities/facts/facts.js';
import type { Cluster, HostRecord } from '../../src/cluster/cluster.js';
import { kubeadmConfigText } from '../../src/cluster/kubeadm/documents.js';
import { temporaryFolder } from '../temporary-folder.js';

/** The judge: kubeadm as in the lab's bundle, built from Kubernetes' own source. */
export async function findKubeadm(): Promise<string> {
  const folder = await buildGo('kubernetes', (line) => process.stderr.write(`${line}\n`));
  // One program that picks the command by its own name.
  const kubeadm = join(temporaryFolder('kubeadm'), 'kubeadm');
  symlinkSync(join(folder, 'kubernetes'), kubeadm);
  return kubeadm;
}

/** Runs the phases of `kubeadm init` that write files, with `root` as the host's root folder. */
export function writeTree(kubeadm: string, root: string, cluster: Cluster, host: HostRecord): string {
  makeCaFolders(root, host);
  const phases = ['certs all', 'kubeconfig all', 'etcd local', 'control-plane all', 'kubelet-start'];
  return phases.map((phase) => runInRoot(kubeadm, root, cluster, host, `init phase ${phase}`)).join('');
}

export function makeCaFolders(root: string, { caFolders }: HostRecord): void {
  for (const folder of caFolders) mkdirSync(join(root, folder), { recursive: true });
}

/** Runs one kubeadm command with `root` as the host's root folder and the host's answers as its configuration. Returns what it printed. */
export function runInRoot(kubeadm: string, root: string, cluster: Cluster, host: HostRecord, command: string): string {
  writeFileSync(join(root, 'cfg.yaml'), kubeadmConfigText(cluster, host));
  return run([kubeadm, '--rootfs', root, ...command.split(' '), '--config', '/cfg.yaml'], host);
}

/** What `kubeadm init` would send to the API server, and the folder with the files it would write. */
export function dryRun(kubeadm: string, cluster: Cluster, host: HostRecord): DryRun {
  const folder = temporaryFolder('dry-run');
  const config = join(folder, 'cfg.yaml');
  writeFileSync(config, kubeadmConfigText(cluster, host));
  // kubeadm asks systemd whether systemd-resolved is active; this machine's own answer is of no interest.
  const systemctl = `#!/bin/sh\n${host.usesSystemdResolved ? 'echo active' : 'exit 3'}\n`;
  writeFileSync(join(folder, 'systemctl'), systemctl, { mode: 0o755 });
  const output = run([kubeadm, 'init', '--dry-run', '--skip-phases=preflight', '--config', config], host, {
    PATH: `${folder}:/usr/bin:/bin`,
    KUBEADM_INIT_DRYRUN_DIR: folder,
  });
  return { objects: attachedObjects(output), folder };
}

/** What `kubeadm init --upload-certs` sends to the API server for those that join, from the files below `root`. `certificateKey`: 64 hex digits. */
export function uploadedObjects(
  kubeadm: string,
  root: string,
  cluster: Cluster,
  host: HostRecord,
  certificateKey: string,
): KubeObject[] {
  const config = kubeadmConfigText(cluster, host);
  writeFileSync(join(root, 'cfg.yaml'), config.replace('kind: Init', `certificateKey: ${certificateKey}\n$&`));
  const phases = ['upload-config all', 'upload-certs --upload-certs', 'bootstrap-token', 'addon kube-proxy'];
  // There a dry run looks for admin.conf.
  const environment = { PATH: '/usr/bin:/bin', KUBEADM_INIT_DRYRUN_DIR: '/etc/kubernetes' };
  return phases.flatMap((phase) => {
    const command = ['init', 'phase', ...phase.split(' '), '--dry-run', '--config', '/cfg.yaml'];
    return attachedObjects(run([kubeadm, '--rootfs', root, ...command], host, environment));
  });
}

export interface DryRun {
  objects: KubeObject[];
  folder: string;
}

/** Without network, where every try to reach an API server fails at once, and with the host's own name. */
function run(
  command: string[],
  host: HostRecord,
  environment: Record<string, string> = { PATH: '/usr/bin:/bin' },
): string {
  const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const script = 'hostname "$1"; shift; exec "$@"';
  const args = ['--net', '--uts', 'sh', '-c', script, 'sh', host.hostname, 'env', '-i', ...settings, ...command];
  const { status, stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}:\n${stderr}`);
  return stdout;
}

/** The dry run prints `Attached object:`, YAML and an empty line for each write. */
function attachedObjects(output: string): KubeObject[] {
  const writes = output.split('[dryrun] Would perform action ').slice(1);
  return writes.flatMap((write) => {
    const [, yaml] = /^(?:CREATE|UPDATE) .*\n\[dryrun\] Attached object:\n([^]*?)\n\n/.exec(write) ?? [];
    return yaml ? [parse(yaml) as KubeObject] : [];
  });
}
