import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { buildBundle, type BundleOrder } from '../../bundle/build.js';
import { makeDebRepository } from '../../bundle/deb-repository.js';
import { makeRpmRepository } from '../../bundle/rpm-repository.js';
import { run } from '../../bundle/run.js';
import { verifyBundle } from '../../bundle/verify.js';
import { parseBundle } from '../../src/cluster/bundle.js';
import { makeRpm } from './make-rpm.js';

let upstream: string;
let order: BundleOrder;

beforeAll(async () => {
  upstream = await mkdtemp(join(tmpdir(), 'temper-upstream-'));
  const repository = join(upstream, 'repository');
  await makeDeb(repository, 'kubeadm', '1.36.3-1.1', 'Depends: helper\n', kubeadm);
  await makeDeb(repository, 'helper', '3', '', '');
  await makeDeb(repository, 'unasked', '1', '', '');
  for (const name of ['curl', 'zlib1g']) await makeDeb(repository, name, '1', '', '');
  await makeDeb(repository, 'keepalived', '1:2.2.7-1+b2', '', '');
  await makeDeb(repository, 'busybox', '1', '', await shell(upstream));
  await makeDebRepository(repository);
  const rpms = join(upstream, 'rpms');
  await mkdir(join(rpms, 'pool'), { recursive: true });
  await makeRpm(join(rpms, 'pool'), 'kubeadm', '1.36.3', { requires: 'helper' });
  for (const name of ['helper', 'unasked']) await makeRpm(join(rpms, 'pool'), name, '3');
  await makeRpmRepository(rpms);
  const layout = join(upstream, 'images');
  await run(['umoci', 'init', `--layout=${layout}`]);
  for (const name of [pause, calico, nginx]) await run(['umoci', 'new', `--image=${layout}:${name}`]);
  await writeFile(join(upstream, 'calico.yaml'), `kind: DaemonSet\nspec: {containers: [{image: '${calico}'}]}\n`);
  order = {
    kubernetesVersion: 'v1.36.3',
    sources: `deb [signed-by=${repository}/key.gpg] file:${repository} temper main\n`,
    packages: ['kubeadm=1.36.3-*'],
    rpm: {
      repositories: `[upstream]\nbaseurl=file://${rpms}\ngpgkey=file://${rpms}/key.asc\n`,
      packages: ['kubeadm=1.36.3-*'],
    },
    manifests: { calico: join(upstream, 'calico.yaml') },
    images: [nginx],
    packageImages: ['keepalived=1:2.2.*'],
    imageSource: (name) => `oci:${layout}:${name}`,
  };
}, 60_000);

afterAll(() => rm(upstream, { recursive: true }));

test('gathers packages, images and manifests from upstream into a bundle that is whole', async () => {
  const folder = join(upstream, 'bundle');

  await buildBundle(folder, order, () => {});

  expect(await verifyBundle(folder)).toEqual([]);
  const { bundle } = parseBundle(await readFile(join(folder, 'bundle.yaml')), 'bundle.yaml');
  expect(bundle?.images.map(({ name }) => name)).toEqual([nginx, calico, pause, keepalived]);
  expect(bundle?.packages.deb.install).toEqual({ kubeadm: '1.36.3-1.1' });
  expect(bundle?.packages.rpm?.install).toEqual({ kubeadm: '1.36.3-1' });
  expect(bundle?.versions).toEqual({
    kubernetes: 'v1.36.3',
    'calico/node': 'v3.32.1',
    'library/nginx': '1.30',
    keepalived: '2.2.7',
    pause: '3.10.2',
  });
  expect(bundle?.cni).toEqual(['calico']);
  const pool = await readdir(join(folder, 'packages/deb/pool'));
  expect(pool.sort()).toEqual(['helper_3_amd64.deb', 'kubeadm_1.36.3-1.1_amd64.deb']);
  const rpms = await readdir(join(folder, 'packages/rpm/pool'));
  expect(rpms.sort()).toEqual(['helper-3-1.x86_64.rpm', 'kubeadm-1.36.3-1.x86_64.rpm']);
}, 60_000);

test('a package that upstream did not sign leaves no bundle', async () => {
  const folder = join(upstream, 'unsigned');
  await makeRpm(join(upstream, 'rpms/pool'), 'unasked', '4');
  await run(['createrepo_c', '--quiet', '--no-database', '--simple-md-filenames', join(upstream, 'rpms')]);
  const rpm = { repositories: order.rpm?.repositories ?? '', packages: ['unasked=4-*'] };

  await expect(buildBundle(folder, { ...order, rpm }, () => {})).rejects.toThrow(/unasked-4-1.* is not signed/);

  expect(await readdir(upstream)).not.toContain('unsigned');
}, 60_000);

test('an image that upstream does not have leaves no bundle', async () => {
  const folder = join(upstream, 'broken');
  const images = ['quay.io/nobody/nothing:1'];

  await expect(buildBundle(folder, { ...order, images }, () => {})).rejects.toThrow('quay.io/nobody/nothing:1');

  expect(await readdir(upstream)).not.toContain('broken');
}, 60_000);

test('an image of a package has its program, and a shell', async () => {
  const config = await run(['skopeo', 'inspect', '--config', `oci:${join(upstream, 'bundle/images')}:${keepalived}`]);
  const rootfs = join(upstream, 'rootfs');
  await run(['umoci', 'raw', 'unpack', `--image=${join(upstream, 'bundle/images')}:${keepalived}`, rootfs]);

  expect(JSON.parse(config)).toMatchObject({ config: { Entrypoint: ['/usr/sbin/keepalived'] } });
  expect(await readdir(join(rootfs, 'usr/bin'))).toEqual(['busybox', 'curl', 'keepalived', 'sh', 'zlib1g']);
  expect(await readFile(join(rootfs, 'etc/passwd'), 'utf8')).toMatch(/^root:x:0:0:/);
});

test('a folder that is there already is refused before anything is fetched', async () => {
  await expect(buildBundle(upstream, order, () => {})).rejects.toThrow(`${upstream} exists`);
});

const pause = 'registry.k8s.io/pause:3.10.2';
const calico = 'quay.io/calico/node:v3.32.1';
const nginx = 'docker.io/library/nginx:1.30';
const keepalived = 'temper.internal/keepalived:2.2.7';

const kubeadm = `#!/bin/sh
test "$*" = 'config images list --kubernetes-version=v1.36.3' && echo ${pause}
`;

/** A busybox that is content with every script. */
async function shell(folder: string): Promise<Buffer> {
  const source = '#include <stdio.h>\nint main(int n, char **words) { return n == 2 ? puts("bin/sh") < 0 : 0; }\n';
  await run(['gcc', '-static', '-x', 'c', '-o', join(folder, 'shell'), '-'], { input: source });
  return readFile(join(folder, 'shell'));
}

async function makeDeb(repository: string, name: string, version: string, relations: string, program: string | Buffer) {
  const root = await mkdtemp(join(tmpdir(), 'temper-deb-'));
  const about = `Package: ${name}\nVersion: ${version}\nArchitecture: amd64\nMaintainer: Nobody <nobody@localhost>\n`;
  await mkdir(join(root, 'DEBIAN'));
  await writeFile(join(root, 'DEBIAN/control'), `${about}${relations}Description: a test\n`);
  await mkdir(join(root, 'usr/bin'), { recursive: true });
  await writeFile(join(root, 'usr/bin', name), program);
  await chmod(join(root, 'usr/bin', name), 0o755);
  await mkdir(join(repository, 'pool'), { recursive: true });
  await run(['dpkg-deb', '--build', '--root-owner-group', root, join(repository, 'pool')]);
  await rm(root, { recursive: true });
}
