import { randomUUID } from 'node:crypto';
import { chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { runOrThrow } from './command.js';
import { gateway } from './network.js';

/**
 * A host's disk is what it wrote over the base image, plus plain folders for what does not work on an overlay: containerd's own overlays
 * and etcd's write-ahead log.
 */
export const plainFolders = ['/var/lib/containerd', '/var/lib/kubelet', '/var/lib/etcd'];

/** Gives the host an empty disk with an identity of its own: machine id, SSH host keys, the names of the lab and who may log in. */
export async function formatDisk(folder: string, identity: DiskIdentity): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const part of ['root', 'work', ...plainFolders.map(plainFolderName)])
    await mkdir(join(folder, part), { recursive: true });
  const written = join(folder, 'written');
  await mkdir(join(written, 'etc/ssh'), { recursive: true });
  for (const type of hostKeyTypes)
    await runOrThrow(['ssh-keygen', '-q', '-t', type, '-N', '', '-C', identity.name, '-f', hostKeyFile(folder, type)]);
  const files = {
    'etc/hostname': `${identity.name}\n`,
    'etc/machine-id': `${randomUUID().replaceAll('-', '')}\n`,
    'etc/hosts': identity.hosts,
    // An address that answers nothing at all would cost minutes, an empty file ends CoreDNS.
    'etc/resolv.conf': `nameserver ${gateway}\noptions timeout:1 attempts:1\n`,
  };
  for (const [path, content] of Object.entries(files)) await writeFile(join(written, path), content);
  await authorize(written, 'root', 0, identity.publicKey);
  await authorize(written, 'home/ops', 1000, identity.publicKey);
}

export interface DiskIdentity {
  name: string;
  /** Content of /etc/hosts. */
  hosts: string;
  /** One line of authorized_keys, for root and for ops. */
  publicKey: string;
}

/** The host's public SSH keys, as lines of known_hosts without the name in front. */
export async function hostKeys(folder: string): Promise<string[]> {
  const keys: string[] = [];
  for (const type of hostKeyTypes) {
    const line = await readFile(`${hostKeyFile(folder, type)}.pub`, 'utf8');
    keys.push(line.split(' ').slice(0, 2).join(' '));
  }
  return keys;
}

/** More than one, as on most hosts; but to find an RSA key takes half a second of processor time. */
const hostKeyTypes = ['ed25519', 'ecdsa'];

function hostKeyFile(folder: string, type: string): string {
  return join(folder, `written/etc/ssh/ssh_host_${type}_key`);
}

/** The folder beside the overlay that stands for `path` of the host: /var/lib/etcd is var-lib-etcd. */
export function plainFolderName(path: string): string {
  return path.slice(1).replaceAll('/', '-');
}

/** Folders of the written layer hide the base image's, owner and mode included, so these are set as the base has them. */
async function authorize(written: string, home: string, uid: number, publicKey: string): Promise<void> {
  const ssh = join(written, home, '.ssh');
  await mkdir(ssh, { recursive: true, mode: 0o700 });
  await writeFile(join(ssh, 'authorized_keys'), `${publicKey}\n`, { mode: 0o600 });
  for (const path of [join(written, home), ssh, join(ssh, 'authorized_keys')]) await chown(path, uid, uid);
}
