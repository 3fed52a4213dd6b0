import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { parse } from 'yaml';
import { buildGo } from '../../bundle/from-source/build-go.js';
import type { CommandResult, HostTarget } from '../../src/activities/step.js';
import { TemperError } from '../../src/cluster/errors.js';
import type { Door, RunOptions } from '../../src/host/door.js';

/**
 * A control plane as far as etcd knows: a folder that stands for the host's root, a loopback address, and a kubelet that runs the manifest of etcd
 * with the real etcd. Its certificates are etcd's own (`--auto-tls`).
 */
export interface EtcdHost {
  name: string;
  address: string;
  target: HostTarget;
  root: string;
  isUp: boolean;
  /** False: nothing follows the manifest. */
  hasKubelet: boolean;
  etcd?: ChildProcess;
  /** What etcd was started with. */
  manifest?: string;
}

export async function findEtcd(): Promise<string> {
  return buildGo('etcd', (line) => process.stderr.write(`${line}\n`));
}

const hosts: EtcdHost[] = [];

/** The first three numbers of the hosts' addresses: each run of the tests has its own. */
export const network = `127.${64 + ((process.pid >> 8) % 64)}.${process.pid % 256}`;

/** `number`: 1 … 9, the last of its address. */
export function etcdHost(programs: string, number: number): EtcdHost {
  const root = mkdtempSync(join(tmpdir(), 'temper-etcd-'));
  mkdirSync(join(root, 'etc/kubernetes/manifests'), { recursive: true });
  const [name, address] = [`cp${number}`, `${network}.${number}`];
  const target = { name, address, port: 22, user: 'root', knownHosts: '/dev/null', sudo: false };
  const host: EtcdHost = { name, address, target, root, isUp: true, hasKubelet: true };
  hosts.push(host);
  installStandIns(host, programs);
  return host;
}

/** Starts again: the kubelet looks at the manifest folder. */
export function powerOn(host: EtcdHost): void {
  host.isUp = true;
}

export async function powerCut(host: EtcdHost): Promise<void> {
  host.isUp = false;
  await stopEtcd(host);
}

/** The machine is replaced by one without data, to which the kubelet's package has come. */
export async function replace(host: EtcdHost): Promise<void> {
  await powerCut(host);
  for (const folder of ['etc', 'var']) rmSync(join(host.root, folder), { recursive: true, force: true });
  mkdirSync(join(host.root, 'etc/kubernetes/manifests'), { recursive: true });
  host.manifest = undefined;
  powerOn(host);
}

/** The way to one host; it answers as long as the host is up. */
export function doorTo(host: EtcdHost): Door {
  return { target: host.target, run: (script: string, options?: RunOptions) => run(host, script, options) } as Door;
}

const kubelet = setInterval(() => hosts.forEach(syncPod), 100);
kubelet.unref();

afterEach(async () => {
  for (const host of hosts.splice(0)) {
    await stopEtcd(host);
    rmSync(host.root, { recursive: true, force: true });
  }
});

/** As the kubelet does: the container follows the manifest, and starts again when it has ended. */
function syncPod(host: EtcdHost): void {
  const path = join(host.root, 'etc/kubernetes/manifests/etcd.yaml');
  const manifest = host.isUp && host.hasKubelet && existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (host.etcd && manifest === host.manifest && host.etcd.exitCode === null) return;
  host.etcd?.kill('SIGKILL');
  host.etcd = undefined;
  host.manifest = manifest;
  if (!manifest) return;
  const [, ...args] = parse(manifest).spec.containers[0].command as string[];
  host.etcd = spawn(join(host.root, 'bin/etcd'), onLoopback(host, args), { stdio: ['ignore', 'ignore', 'ignore'] });
}

/** Each host has but one address here, and certificates that nobody checks. */
function onLoopback(host: EtcdHost, args: string[]): string[] {
  return [
    ...args
      .filter((argument) => !/^--(.*(cert|key|ca)-file|.*client-cert-auth)=/.test(argument))
      .map((argument) =>
        argument
          .replace('https://127.0.0.1:2379,', '')
          .replace('http://127.0.0.1:2381', `http://${host.address}:2381`)
          .replace('=/var', `=${host.root}/var`),
      ),
    '--auto-tls',
    '--peer-auto-tls',
    '--log-level=error',
  ];
}

async function stopEtcd(host: EtcdHost): Promise<void> {
  const { etcd } = host;
  host.etcd = undefined;
  if (!etcd || etcd.exitCode !== null || etcd.signalCode !== null) return;
  const gone = new Promise((resolve) => etcd.once('exit', resolve));
  etcd.kill('SIGKILL');
  await gone;
}

/** containerd's client that knows of one container, and curl to whom the host itself is the host's address. */
function installStandIns(host: EtcdHost, programs: string): void {
  const bin = join(host.root, 'bin');
  mkdirSync(bin);
  const ctr = `#!/bin/sh
curl -s -o /dev/null "http://${host.address}:2381/metrics" || exit 0
case "$4" in
  ls) case "$3" in containers) echo c1;; *) echo "c1 1 RUNNING";; esac; exit;;
esac
shift 7
set -- "$@" --insecure-skip-tls-verify
for argument; do
  shift
  case $argument in
    --cacert=* | --cert=* | --key=*) ;;
    *) set -- "$@" "$(echo "$argument" | sed 's/127\\.0\\.0\\.1:2379/${host.address}:2379/')";;
  esac
done
exec ${programs}/"$@"
`;
  const curl = `#!/bin/sh
for argument; do
  shift
  set -- "$@" "$(echo "$argument" | sed 's,//127\\.0\\.0\\.1:,//${host.address}:,')"
done
PATH='${process.env.PATH}' exec curl "$@"
`;
  for (const [name, script] of Object.entries({ ctr, curl })) writeFileSync(join(bin, name), script, { mode: 0o755 });
  writeFileSync(join(bin, 'etcd'), `#!/bin/sh\nexec ${programs}/etcd "$@"\n`, { mode: 0o755 });
}

function run(host: EtcdHost, script: string, { args = [], stdin = '' }: RunOptions = {}): Promise<CommandResult> {
  if (!host.isUp) return Promise.reject(new TemperError('SSH_UNREACHABLE', `${host.name} is down`));
  const mapped = [script, 'sh', ...args].map((text) => inRoot(host, text));
  const child = spawn('sh', ['-c', ...mapped], { env: { PATH: `${host.root}/bin:${process.env.PATH}` } });
  const result = { code: 0, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (result.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (result.stderr += chunk.toString()));
  child.stdin.on('error', () => {});
  child.stdin.end(typeof stdin === 'string' ? inRoot(host, stdin) : (stdin as Buffer));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ ...result, stdout: result.stdout.replaceAll(host.root, ''), code: code ?? 255 }),
    );
  });
}

/** The host's paths, and not what only ends like one. */
function inRoot({ root }: EtcdHost, text: string): string {
  return text.replaceAll(/(?<![\w/.-])\/(?=(?:etc\/kubernetes|var|run\/temper)(?:\/|\b))/g, `${root}/`);
}
