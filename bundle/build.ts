import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Bundle } from '../src/cluster/bundle.js';
import { imageParts } from '../src/cluster/images.js';
import { downloadPackages } from './apt.js';
import { debSuite, makeDebRepository, poolPackages, proveDebRepository } from './deb-repository.js';
import { describeBundle } from './describe.js';
import { downloadRpms } from './dnf.js';
import { nameImages } from './image-layout.js';
import { manifestImages } from './manifest-images.js';
import { addPackageImage } from './package-image.js';
import { makeRpmRepository, poolRpms, proveRpmRepository } from './rpm-repository.js';
import { run } from './run.js';

/** What goes into a bundle, and where it comes from. */
export interface BundleOrder {
  /** Exact: `v1.36.3`. */
  kubernetesVersion: string;
  /** Text of an apt sources.list: the repositories of Kubernetes, of containerd and of the distribution, each with its `signed-by`. */
  sources: string;
  /** As apt takes them: `kubelet=1.36.3-*`, `containerd.io`. What they depend on comes by itself. */
  packages: string[];
  /** The same for hosts like RHEL: text of .repo files, each repository with its `gpgkey`. Left out: the bundle is for Debian and Ubuntu alone. */
  rpm?: { repositories: string; packages: string[] };
  /** Files on this machine, as their makers publish them. The images that they name come by themselves. */
  manifests: Partial<Record<Bundle['cni'][number], string>>;
  /** Images beside those of kubeadm and of the manifests: the registry's nginx at least. */
  images: string[];
  /** Images to make of packages of `sources`, as apt takes these: `keepalived`, `salt-master=3008.*`. */
  packageImages?: string[];
  /** Where skopeo finds an image. Default: the registry that its name says. */
  imageSource?: (name: string) => string;
}

/** Makes a bundle in `folder`, which must not exist, from upstream's registries and package repositories. An interrupted one leaves no `folder`. */
export async function buildBundle(folder: string, order: BundleOrder, progress: (line: string) => void): Promise<void> {
  if (existsSync(folder)) throw new Error(`${folder} exists`);
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  const pool = join(unfinished, 'packages/deb/pool');
  await mkdir(pool, { recursive: true });
  progress(`downloading ${order.packages.join(' ')} and what they depend on`);
  await downloadPackages(order.sources, order.packages, pool);
  if (order.rpm) await takeRpms(join(unfinished, 'packages/rpm/pool'), order.rpm, progress);
  const names = new Set([...(await kubeadmImages(pool, order.kubernetesVersion)), ...order.images]);
  await mkdir(join(unfinished, 'manifests'), { recursive: true });
  for (const [cni, file] of Object.entries(order.manifests)) {
    for (const name of manifestImages(await readFile(file, 'utf8'))) names.add(name);
    await copyFile(file, join(unfinished, manifestPath(cni)));
  }
  const layout = join(unfinished, 'images');
  for (const wanted of order.packageImages ?? []) {
    progress(`making an image of the package ${wanted}`);
    await addPackageImage(layout, order.sources, wanted);
  }
  await copyImages(layout, [...names].sort(), order.imageSource, progress);
  await describe(unfinished, order, progress);
  await rename(unfinished, folder);
}

async function takeRpms(
  pool: string,
  { repositories, packages }: NonNullable<BundleOrder['rpm']>,
  progress: (line: string) => void,
): Promise<void> {
  progress(`downloading ${packages.join(' ')} and what they depend on, for RHEL`);
  await mkdir(pool, { recursive: true });
  await downloadRpms(repositories, packages, pool);
}

function manifestPath(cni: string): string {
  return `manifests/${cni}.yaml`;
}

/** Asks the very kubeadm of the bundle, because the versions of etcd, CoreDNS and pause change with each of its patch releases. */
async function kubeadmImages(pool: string, version: string): Promise<string[]> {
  const root = await mkdtemp(join(tmpdir(), 'temper-kubeadm-'));
  try {
    for (const file of await readdir(pool)) {
      if (file.startsWith('kube')) await run(['dpkg-deb', '--extract', join(pool, file), root]);
    }
    const kubeadm = join(root, 'usr/bin/kubeadm');
    return (await run([kubeadm, 'config', 'images', 'list', `--kubernetes-version=${version}`])).trim().split('\n');
  } finally {
    await rm(root, { recursive: true });
  }
}

async function copyImages(
  layout: string,
  names: string[],
  imageSource: BundleOrder['imageSource'] = (name) => `docker://${name}`,
  progress: (line: string) => void,
): Promise<void> {
  for (const [index, name] of names.entries()) {
    progress(`copying image ${index + 1} of ${names.length}: ${name}`);
    const platform = ['--override-os=linux', '--override-arch=amd64'];
    await run([
      'skopeo',
      'copy',
      '--quiet',
      '--retry-times=3',
      ...platform,
      imageSource(name),
      `oci:${layout}:${name}`,
    ]);
  }
}

async function describe(folder: string, order: BundleOrder, progress: (line: string) => void): Promise<void> {
  progress('signing the repositories and taking checksums');
  const deb = { ...debSuite, ...(await signDebs(join(folder, 'packages/deb'), order.packages)) };
  const rpm = order.rpm && (await signRpms(join(folder, 'packages/rpm'), order.rpm.packages));
  const images = await nameImages(join(folder, 'images'));
  const tags = images.map(({ name }) => imageParts(name)).map(({ repository, tag }) => [repository, tag]);
  await describeBundle(folder, {
    kubernetesVersion: order.kubernetesVersion,
    versions: { kubernetes: order.kubernetesVersion, ...Object.fromEntries(tags) },
    cni: Object.keys(order.manifests) as Bundle['cni'],
    packages: { deb, rpm },
    images,
    manifests: Object.fromEntries(Object.keys(order.manifests).map((cni) => [cni, manifestPath(cni)])),
  });
}

async function signDebs(repository: string, wanted: string[]) {
  await makeDebRepository(repository);
  const install = versionsOf(wanted, await poolPackages(repository));
  await proveDebRepository(repository, install);
  return { key: 'packages/deb/key.asc', install };
}

async function signRpms(repository: string, wanted: string[]) {
  await makeRpmRepository(repository);
  const install = versionsOf(wanted, await poolRpms(repository));
  await proveRpmRepository(repository, install);
  return { key: 'packages/rpm/key.asc', install };
}

/** Of the packages that were asked for; what they depend on has any version. */
function versionsOf(wanted: string[], pool: Map<string, string>): Record<string, string> {
  const names = wanted.map((one) => one.replace(/[=/].*/, '')).sort();
  return Object.fromEntries(names.map((name) => [name, pool.get(name) ?? '']));
}
