import { createHash } from 'node:crypto';
import { paths } from '../cluster/paths.js';
import type { Change } from './changes/change.js';
import type { FactReaders } from './facts/facts.js';

/** A key of Salt's: `${folder}/${name}.pem` and `.pub`. */
export interface SaltKey {
  folder: string;
  name: 'master' | 'minion';
}

export const masterKey: SaltKey = { folder: `${paths.saltMaster}/pki/master`, name: 'master' };
export const minionKey: SaltKey = { folder: `${paths.salt}/pki/minion`, name: 'minion' };

/** By minion, whose public keys the master accepts. */
export const acceptedKeys = `${masterKey.folder}/minions`;

export interface SaltKeyFacts {
  hasFolder: boolean;
  /** PEM; undefined while the pair is not whole. */
  publicKey?: string;
}

export async function readSaltKey(facts: FactReaders, { folder, name }: SaltKey): Promise<SaltKeyFacts> {
  const [present, privateKey, publicKey] = await Promise.all([
    facts.file(folder),
    facts.file(`${folder}/${name}.pem`),
    facts.text(`${folder}/${name}.pub`),
  ]);
  return { hasFolder: present !== undefined, publicKey: privateKey && publicKey };
}

/** RSA of 2048 bits is what Salt itself makes; its master and its minions speak RSA only. */
export function missingSaltKey({ folder, name }: SaltKey, { hasFolder, publicKey }: SaltKeyFacts): Change[] {
  return [
    ...(hasFolder ? [] : [{ kind: 'directory', path: folder, mode: '0700' } as const]),
    ...(publicKey !== undefined
      ? []
      : [{ kind: 'keyPair', path: `${folder}/${name}`, algorithm: 'RSA-2048', extension: 'pem' } as const]),
  ];
}

/** Salt's `master_finger`: of the lines between the first and the last. Before there is a key, a placeholder. */
export function fingerOf(publicKey: string | undefined): string {
  if (publicKey === undefined) return '<fingerprint of the master key>';
  const body = publicKey.trim().split('\n').slice(1, -1);
  const digest = createHash('sha256').update(body.map((line) => `${line}\n`).join(''));
  return digest.digest('hex').match(/../g)!.join(':');
}
