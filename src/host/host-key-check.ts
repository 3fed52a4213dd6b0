import type { ServerHostKeyAlgorithm } from 'ssh2';
import { TemperError } from '../cluster/errors.js';
import { quote } from './command-line.js';
import { fingerprint, keyType, knownHostsName, knownKeys, writeKnownKey } from './known-hosts.js';
import type { KnownKeys } from './known-hosts.js';
import type { HostTarget } from './target.js';

/** Decides about the one key that a server shows, and keeps it for the message. */
export class HostKeyCheck {
  readonly #target: HostTarget;
  readonly #known: KnownKeys;
  readonly #acceptNew: boolean;
  #seen?: Buffer;

  static async of(target: HostTarget, acceptNew: boolean): Promise<HostKeyCheck> {
    return new HostKeyCheck(target, await knownKeys(target), acceptNew);
  }

  private constructor(target: HostTarget, known: KnownKeys, acceptNew: boolean) {
    this.#target = target;
    this.#known = known;
    this.#acceptNew = acceptNew;
  }

  /** Known ones first: another one is chosen only by a server that has none of them, and then `accepts` refuses it. */
  get algorithms(): ServerHostKeyAlgorithm[] {
    const known = algorithms.filter((algorithm) => this.#known.algorithms.includes(algorithm));
    return [...new Set([...known, ...algorithms])];
  }

  accepts(key: Buffer): boolean {
    this.#seen = key;
    return this.#verdict() === 'accepted';
  }

  problem(): TemperError | undefined {
    const verdict = this.#seen && this.#verdict();
    if (!this.#seen || verdict === 'accepted') return undefined;
    const { name, address, knownHosts } = this.#target;
    const seen = `${name} (${address}): the server shows the ${keyType(this.#seen)} key ${fingerprint(this.#seen)}`;
    if (verdict === 'unknown') {
      return new TemperError('SSH_HOST_KEY_UNKNOWN', `${seen}, and ${knownHosts} does not have this host`, {
        hint: `compare it with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then: ${this.#loginOnce()}`,
      });
    }
    const why = verdict === 'revoked' ? `marks it as revoked` : 'has another one for this host';
    return new TemperError('SSH_HOST_KEY_CHANGED', `${seen}, but ${knownHosts} ${why}`, {
      hint: `only if the host was installed anew: ssh-keygen -R ${quote(knownHostsName(this.#target))} -f ${quote(knownHosts)}`,
    });
  }

  /** After a login: writes an accepted new key down. */
  async remember(): Promise<void> {
    if (this.#seen && this.#known.trusted.length === 0) await writeKnownKey(this.#target, this.#seen);
  }

  #verdict(): 'accepted' | 'unknown' | 'changed' | 'revoked' {
    const key = this.#seen!.toString('base64');
    if (this.#known.revoked.includes(key)) return 'revoked';
    if (this.#known.trusted.includes(key)) return 'accepted';
    if (this.#known.trusted.length > 0) return 'changed';
    return this.#acceptNew ? 'accepted' : 'unknown';
  }

  /** The command that shows the key and asks whether to write it down. */
  #loginOnce(): string {
    const { user, address, port, knownHosts, identityFile, bastion, proxyCommand } = this.#target;
    const words = ['ssh', '-o', `UserKnownHostsFile=${knownHosts}`];
    if (identityFile) words.push('-i', identityFile);
    if (port !== 22) words.push('-p', String(port));
    if (proxyCommand) words.push('-o', `ProxyCommand=${proxyCommand}`);
    else if (bastion) words.push('-J', bastion);
    return [...words, `${user}@${address}`, 'true'].map(quote).join(' ');
  }
}

/** What ssh2 knows, without SHA-1. */
const algorithms: ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];
