import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash, createHmac, X509Certificate } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { buildGo } from '../../bundle/from-source/build-go.js';
import type { KubeObject } from '../../src/activities/facts/facts.js';
import {
  firstControlPlaneOf,
  isControlPlane,
  runsEtcd,
  type Cluster,
  type HostRecord,
} from '../../src/cluster/cluster.js';
import { controlPlaneEndpoint } from '../../src/cluster/kubeadm/cluster-configuration.js';
import { joinSecrets, kubeadmConfigText } from '../../src/cluster/kubeadm/documents.js';
import { serveObjects } from './api-server.js';
import { bringEtcdClient, etcdRoots } from './external-etcd.js';
import { makeCaFolders, uploadedObjects, writeTree } from './kubeadm.js';
import { openNetwork, stop, type Network } from './network.js';
import { hostRoot } from './our-host.js';

const token = 'abcdef.0123456789abcdef';
const certificateKey = 'ab'.repeat(32);

/**
 * A cluster that the real kubeadm begins and lets hosts join, as far as that goes without kubelets: its etcd is real, its API server holds what
 * `kubeadm init` uploads.
 */
export async function beginCluster(kubeadm: string, cluster: Cluster): Promise<BegunCluster> {
  const first = firstControlPlaneOf(cluster);
  const root = hostRoot();
  const inPki = (file: string) => readFileSync(join(root, 'etc/kubernetes/pki', file), 'utf8');
  const [endpoint, port] = controlPlaneEndpoint(cluster).split(':') as [string, string];
  const addresses = cluster.hosts.map(({ controlPlaneAddress }) => controlPlaneAddress);
  const socket = join(mkdtempSync(join(tmpdir(), 'temper-api-')), 'socket');

  const etcdHosts = await etcdRoots(cluster);
  bringEtcdClient(kubeadm, root, cluster, etcdHosts);
  writeTree(kubeadm, root, cluster, first);
  const isStacked = runsEtcd(cluster, first);
  const objects = [
    ...uploadedObjects(kubeadm, root, cluster, first, certificateKey),
    ...(isStacked ? [etcdManifest(root)] : []),
  ];
  const tls = { cert: inPki('apiserver.crt'), key: inPki('apiserver.key') };
  const apiServer = await serveObjects(socket, tls, objects.map(signed));
  const local = new Set([...addresses, ...(isAddress(endpoint) ? [endpoint] : [])]);
  const network = await openNetwork([...local], [...new Set([6443, Number(port)])], socket);
  const etcd = isStacked ? await startEtcd(root, network) : undefined;

  if (isStacked) installCtr(root, network);

  const runAt: BegunCluster['runAt'] = (at, host, command) => {
    const config = kubeadmConfigText(cluster, host)
      .replace(joinSecrets.token, token)
      .replace(joinSecrets.caCertHash, keyHash(inPki('ca.crt')))
      .replace(joinSecrets.certificateKey, certificateKey);
    writeFileSync(join(at, 'cfg.yaml'), `${config}timeouts:\n  etcdAPICall: 1s\n`);
    writeFileSync(join(at, 'etc/hosts'), `${first.controlPlaneAddress} ${endpoint}\n`);
    const script = 'hostname "$1"; shift; exec "$@"';
    const args = [...network.enter, 'unshare', '--uts', 'sh', '-c', script, 'sh', host.hostname, 'env', '-i'];
    return execute([...args, kubeadm, '--rootfs', at, ...command.split(' '), '--config', '/cfg.yaml']);
  };
  const end = async () => {
    if (etcd) await stop(etcd);
    await network.close();
    apiServer.close();
  };
  return { root, etcd: etcdHosts, isStacked, runAt, end };
}

export interface BegunCluster {
  /** The folder that is the root of the first control plane. Its `ctr` reaches the etcd. */
  root: string;
  /** Likewise of the first host of etcd, by its name, where etcd has hosts of its own. */
  etcd: Record<string, string>;
  isStacked: boolean;
  /** Runs a command of kubeadm with the folder `root` as root of `host`. Returns what it printed. */
  runAt(root: string, host: HostRecord, command: string): Promise<string>;
  end(): Promise<void>;
}

/** Lets one more host join; returns the folder that is its root. etcd takes one at a time. */
export async function joinByKubeadm({ runAt, isStacked }: BegunCluster, host: HostRecord): Promise<string> {
  const root = hostRoot();
  makeCaFolders(root, host);
  const needKubelet = ['kubelet-wait-bootstrap', 'control-plane-join', 'wait-control-plane'];
  await runAt(root, host, `join --skip-phases=preflight,etcd-join,${needKubelet.join(',')}`);
  // Writes the manifest of etcd; then no kubelet starts the member.
  if (isStacked && isControlPlane(host))
    await expect(runAt(root, host, 'join phase etcd-join')).rejects.toThrow('is not started');
  return root;
}

/** The sha256 by which kubeadm knows a CA: of its public key. */
function keyHash(certificate: string): string {
  const key = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  return `sha256:${createHash('sha256').update(key).digest('hex')}`;
}

/** cluster-info gets the mark by which a machine that has only the token believes it: a detached JWS, as the bootstrapsigner controller adds it. */
function signed(object: KubeObject): KubeObject {
  if (object.metadata.name !== 'cluster-info') return object;
  const [id, secret] = token.split('.') as [string, string];
  const data = object.data as Record<string, string>;
  const header = Buffer.from(JSON.stringify({ alg: 'HS256', kid: id })).toString('base64url');
  const payload = Buffer.from(data.kubeconfig!).toString('base64url');
  const signature = createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url');
  return { ...object, data: { ...data, [`jws-kubeconfig-${id}`]: `${header}..${signature}` } };
}

async function startEtcd(root: string, { enter }: Network): Promise<ChildProcess> {
  const programs = await buildGo('etcd', () => {});
  for (const program of ['etcd', 'etcdctl']) copyFileSync(join(programs, program), join(root, program));
  const [{ command, env = [] }] = etcdManifest(root).spec.containers;
  const settings = env.map(({ name, value }) => [name, value]);
  const etcd = spawn(enter[0]!, [...enter.slice(1), 'chroot', root, '/etcd', ...command.slice(1)], {
    env: { PATH: process.env.PATH, ...Object.fromEntries(settings) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await new Promise<void>((serving, ended) => {
    let said = '';
    const lines = createInterface(etcd.stderr);
    lines.on('line', (line) => {
      said = line;
      if (line.includes('ready to serve client requests')) serving();
    });
    lines.on('close', () => ended(new Error(`etcd ended: ${said}`)));
  });
  return etcd;
}

/** containerd's client, as far as etcd is asked through it: `ctr -n k8s.io tasks exec --exec-id ID CONTAINER etcdctl ...`. */
function installCtr(root: string, { enter }: Network): void {
  const script = `#!/bin/sh
    case $3/$4 in
      containers/ls) echo etcd; exit ;;
      tasks/ls) echo 'etcd 1 RUNNING'; exit ;;
    esac
    shift 7
    for argument; do
      shift
      set -- "$@" "$(printf %s "$argument" | sed 's|${root}||g')"
    done
    exec ${enter.join(' ')} chroot '${root}' /"$@"
  `;
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'bin/ctr'), script, { mode: 0o755 });
}

interface Pod extends KubeObject {
  spec: { containers: [{ command: string[]; env?: { name: string; value: string }[] }] };
}

function etcdManifest(root: string): Pod {
  return parse(readFileSync(join(root, 'etc/kubernetes/manifests/etcd.yaml'), 'utf8'));
}

function isAddress(host: string): boolean {
  return /^[\d.]+$/.test(host);
}

function execute([program, ...args]: string[]): Promise<string> {
  return new Promise((resolve, reject) =>
    execFile(program!, args, (error, stdout, stderr) => {
      if (error) reject(new Error(`${args.join(' ')}\n${stdout}${stderr}`));
      else resolve(stdout);
    }),
  );
}
