import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fingerprint, keyType, knownKeys, writeKnownKey } from '../../src/host/known-hosts.js';
import { temporaryFolder } from '../temporary-folder.js';

const folder = temporaryFolder('known-hosts');
const keys = Object.fromEntries(['ed25519', 'ecdsa', 'rsa'].map((type) => [type, makeKey(type)]));

const rows: {
  title: string;
  lines: string[];
  port?: number;
  trusted: string[];
  revoked?: string[];
  algorithms: string[];
}[] = [
  { title: 'a plain name', lines: [`h1 ${keys.ed25519}`], trusted: ['ed25519'], algorithms: ['ssh-ed25519'] },
  { title: 'another host', lines: [`h2 ${keys.ed25519}`], trusted: [], algorithms: [] },
  { title: 'another port', lines: [`h1 ${keys.ed25519}`], port: 2222, trusted: [], algorithms: [] },
  {
    title: 'its port',
    lines: [`[h1]:2222 ${keys.ecdsa}`],
    port: 2222,
    trusted: ['ecdsa'],
    algorithms: ['ecdsa-sha2-nistp256'],
  },
  { title: 'an RSA key', lines: [`h1 ${keys.rsa}`], trusted: ['rsa'], algorithms: ['rsa-sha2-512', 'rsa-sha2-256'] },
  { title: 'a revoked key', lines: [`@revoked h1 ${keys.rsa}`], trusted: [], revoked: ['rsa'], algorithms: [] },
  {
    title: 'a CA, which vouches for certificates only',
    lines: [`@cert-authority h1 ${keys.rsa}`],
    trusted: [],
    algorithms: [],
  },
  {
    title: 'two keys',
    lines: [`h1 ${keys.ed25519}`, '# a comment', `h1,10.0.0.1 ${keys.ecdsa}`],
    trusted: ['ed25519', 'ecdsa'],
    algorithms: ['ssh-ed25519', 'ecdsa-sha2-nistp256'],
  },
];

test.each(rows)('known_hosts with $title', async ({ lines, port = 22, trusted, revoked = [], algorithms }) => {
  const file = knownHosts(lines);

  const found = await knownKeys(target(file, port));

  const blobs = (types: string[]) => types.map((type) => keys[type]!.split(' ')[1]);
  expect(found).toEqual({ trusted: blobs(trusted), revoked: blobs(revoked), algorithms });
});

test('finds a hashed name', async () => {
  const file = knownHosts([`h1 ${keys.ed25519}`]);
  execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });

  expect((await knownKeys(target(file))).algorithms).toEqual(['ssh-ed25519']);
});

test('a missing file knows nobody, and a new key is written into it', async () => {
  const file = join(folder, 'new', 'known_hosts');
  const key = Buffer.from(keys.ed25519!.split(' ')[1]!, 'base64');
  expect((await knownKeys(target(file))).trusted).toEqual([]);

  await writeKnownKey(target(file, 2222), key);

  expect(readFileSync(file, 'utf8')).toBe(`[h1]:2222 ${keys.ed25519}\n`);
  expect((await knownKeys(target(file, 2222))).trusted).toEqual([key.toString('base64')]);
});

test('fingerprint and type are as ssh-keygen prints them', () => {
  const file = knownHosts([`h1 ${keys.ecdsa}`]);
  const printed = execFileSync('ssh-keygen', ['-l', '-f', file]).toString();
  const key = Buffer.from(keys.ecdsa!.split(' ')[1]!, 'base64');

  expect(printed).toContain(fingerprint(key));
  expect(keyType(key)).toBe('ecdsa-sha2-nistp256');
});

function target(knownHostsFile: string, port = 22) {
  return { name: 'h1', address: 'h1', port, user: 'root', knownHosts: knownHostsFile, sudo: false };
}

function makeKey(type: string): string {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', join(folder, type)]);
  return readFileSync(join(folder, `${type}.pub`), 'utf8')
    .split(' ')
    .slice(0, 2)
    .join(' ');
}

function knownHosts(lines: string[]): string {
  const file = join(mkdtempSync(join(folder, 'file-')), 'known_hosts');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
