import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { HostTarget } from './target.js';

/** What known_hosts says about a host. Asked of ssh-keygen, which knows hashed names and ports. */
export interface KnownKeys {
  /** Base64 of each key that is trusted for the host. */
  trusted: string[];
  revoked: string[];
  /** Algorithms of the trusted keys, to be offered first: else the server might show a key that nobody has written down. */
  algorithms: string[];
}

export async function knownKeys(target: HostTarget): Promise<KnownKeys> {
  const found = await promisify(execFile)('ssh-keygen', ['-F', knownHostsName(target), '-f', target.knownHosts]).then(
    ({ stdout }) => stdout,
    // It ends with 1 when the host is not there, and when the file is not.
    (error: { code?: unknown }) => (error.code === 1 || error.code === 255 ? '' : Promise.reject(error)),
  );
  return parseKnownKeys(found);
}

/** Output of `ssh-keygen -F`: comment lines, and lines of known_hosts. */
export function parseKnownKeys(output: string): KnownKeys {
  const keys: KnownKeys = { trusted: [], revoked: [], algorithms: [] };
  for (const line of output.split('\n')) {
    if (!line.trim() || line.startsWith('#')) continue;
    const words = line.trim().split(/\s+/);
    const marker = words[0]!.startsWith('@') ? words.shift() : undefined;
    const [, type, key] = words;
    if (!type || !key || marker === '@cert-authority') continue;
    if (marker === '@revoked') keys.revoked.push(key);
    else {
      keys.trusted.push(key);
      keys.algorithms.push(...(type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type]));
    }
  }
  return keys;
}

export async function writeKnownKey(target: HostTarget, key: Buffer): Promise<void> {
  await mkdir(dirname(target.knownHosts), { recursive: true, mode: 0o700 });
  await appendFile(target.knownHosts, `${knownHostsName(target)} ${keyType(key)} ${key.toString('base64')}\n`, {
    mode: 0o600,
  });
}

/** As `ssh` and `ssh-keygen -l` print it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The key's own name of its type, such as ssh-ed25519: the first string of the blob. */
export function keyType(key: Buffer): string {
  return key.toString('latin1', 4, 4 + key.readUInt32BE(0));
}

export function knownHostsName({ address, port }: HostTarget): string {
  return port === 22 ? address : `[${address}]:${port}`;
}
