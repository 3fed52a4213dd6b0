import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeCertificate } from '../../../src/activities/changes/pki.js';
import type { CertificateAndKey } from '../../../src/activities/changes/pki.js';
import { createPresent } from '../../../src/activities/facts/create-facts.js';
import type { CertificateSpec } from '../../../src/cluster/certificates.js';
import { localDoor } from '../../host/local-door.js';

let authority: CertificateAndKey;
let plain: Server;
let encrypted: Server;

/** `/readyz` is healthy, everything else is not, and says why. */
const answer: RequestListener = ({ url }, response) => {
  response.statusCode = url === '/readyz' ? 200 : 500;
  response.end(url === '/readyz' ? 'ok' : '[+]ping ok\n[-]etcd failed\n');
};

beforeAll(async () => {
  authority = await makeCertificate({ spec: spec('ca', { isCa: true }), algorithm: 'ECDSA-P256', validityHours: 1 });
  const own = await makeCertificate({
    spec: spec('server', { usages: ['server'], ipAddresses: ['127.0.0.1'] }),
    algorithm: 'ECDSA-P256',
    validityHours: 1,
    signer: authority,
  });
  plain = createServer(answer).listen(0, '127.0.0.1');
  encrypted = createTlsServer({ cert: own.certificatePem, key: own.keyPem }, answer).listen(0, '127.0.0.1');
});

afterAll(() => {
  plain.close();
  encrypted.close();
});

test('a server that answers is fine, with or without TLS', async () => {
  const { served } = await prepare();

  expect(await served({ server: `http://127.0.0.1:${portOf(plain)}`, path: '/readyz' })).toBeUndefined();
  expect(await served({ server: `https://127.0.0.1:${portOf(encrypted)}`, path: '/readyz' })).toBeUndefined();
});

test('whoever is not healthy is named, with what it says', async () => {
  const { served } = await prepare();
  const server = `http://127.0.0.1:${portOf(plain)}`;

  expect(await served({ server, path: '/livez' })).toMatch(/^http:\S+\/livez: .*\[-\]etcd failed/);
  expect(await served({ server: 'http://127.0.0.1:1', path: '/' })).toMatch(/^http:\/\/127\.0\.0\.1:1\/: .*[Cc]onnect/);
});

test('only the CA that was named is believed', async () => {
  const { served, root } = await prepare();
  const other = await makeCertificate({ spec: spec('ca', { isCa: true }), algorithm: 'ECDSA-P256', validityHours: 1 });
  await writeFile(join(root, 'ca.crt'), authority.certificatePem);
  await writeFile(join(root, 'other.crt'), other.certificatePem);
  const server = `https://127.0.0.1:${portOf(encrypted)}`;

  expect(await served({ server, path: '/readyz', ca: join(root, 'ca.crt') })).toBeUndefined();
  expect(await served({ server, path: '/readyz', ca: join(root, 'other.crt') })).toMatch(/certificate/);
});

test('all of one moment are asked at once, equal ones once, and anew in the next moment', async () => {
  const { served, asked } = await prepare();
  const server = `http://127.0.0.1:${portOf(plain)}`;

  const answers = await Promise.all(['/readyz', '/livez', '/readyz'].map((path) => served({ server, path })));
  await served({ server, path: '/readyz' });

  expect(answers.map((trouble) => trouble === undefined)).toEqual([true, false, true]);
  expect(asked()).toBe(2);
});

async function prepare() {
  const { root, run, asked } = await localDoor();
  return { root, asked, ...createPresent(run) };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function spec(commonName: string, more: Partial<CertificateSpec>): CertificateSpec {
  return { commonName, organizations: [], isCa: false, usages: [], dnsNames: [], ipAddresses: [], ...more };
}
