import { copyFile, cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { cached } from '../cache.js';
import { debSuite, makeDebRepository, poolPackages, proveDebRepository } from '../deb-repository.js';
import { describeBundle } from '../describe.js';
import { nameImages } from '../image-layout.js';
import { upstreamPart } from '../package-image.js';
import { projectFolder } from '../project-folder.js';
import { makeRpmRepository, poolRpms, proveRpmRepository } from '../rpm-repository.js';
import { run } from '../run.js';
import { buildGo } from './build-go.js';
import { buildImages } from './build-images.js';
import { buildPackages } from './build-packages.js';
import { buildRpms } from './build-rpms.js';
import { buildSalt } from './build-salt.js';
import { debianClosure, debianVersion } from './debian.js';
import { type GoProgramName, goPrograms } from './go-programs.js';
import { images, userlands } from './images.js';
import { dependencies, fromDebian, packages } from './packages.js';
import { type Progress, stopwatch } from './progress.js';
import { versions } from './versions.js';

/**
 * Makes a bundle with flannel from Go modules and Debian packages, or takes it from the cache. Returns its folder, which others may be
 * using too: copy it before changing anything in it. From empty caches it takes about twenty minutes on two cores.
 */
export async function buildBundleFromSource(progress: Progress): Promise<string> {
  const builds = await buildPrograms(progress);
  const debs = [await debianClosure([...fromDebian, ...dependencies], progress), await buildPackages(builds, progress)];
  const rpms = await buildRpms(builds, debs[0] ?? '', progress);
  const debian = await debianVersions(debs[0] ?? '', progress);
  const layout = await buildImages(images(debian), builds, progress);
  const inputs = { values: { builds, debs, rpms, debian, layout }, paths: assembledBy };
  return cached('bundle', inputs, async (folder) => {
    const watch = stopwatch('bundle: signing the repositories and taking checksums', progress);
    await copyDebs(debs, join(folder, 'packages/deb/pool'));
    await cp(rpms, join(folder, 'packages/rpm/pool'), { recursive: true });
    await cp(layout, join(folder, 'images'), { recursive: true });
    await mkdir(join(folder, 'manifests'));
    await copyFile(join(builds.flannel ?? '', 'flannel.yaml'), join(folder, 'manifests/flannel.yaml'));
    await makeDebRepository(join(folder, 'packages/deb'));
    await makeRpmRepository(join(folder, 'packages/rpm'));
    await describe(folder, debian);
    watch.stop();
  });
}

/** What the last, cheap piece depends on beside the pieces before it. */
const assembledBy = [
  'apt.ts',
  'deb-repository.ts',
  'describe.ts',
  'dnf.ts',
  'image-layout.ts',
  'rpm-repository.ts',
  'signing-key.ts',
  'from-source/build.ts',
].map((path) => join(projectFolder, 'bundle', path));

async function buildPrograms(progress: Progress): Promise<Record<GoProgramName | 'pause' | 'salt', string>> {
  const builds: Record<string, string> = { pause: await buildPause(), salt: await buildSalt(progress) };
  for (const name of Object.keys(goPrograms) as GoProgramName[]) builds[name] = await buildGo(name, progress);
  return builds as Record<GoProgramName | 'pause' | 'salt', string>;
}

async function buildPause(): Promise<string> {
  const source = join(projectFolder, 'bundle/from-source/pause/pause.c');
  const version = `-DVERSION="${versions.pause}"`;
  return cached('pause', { values: { version }, paths: [source] }, async (folder) => {
    await run(['gcc', '-Os', '-static', '-s', '-Wall', version, '-o', join(folder, 'pause'), source]);
  });
}

async function debianVersions(host: string, progress: Progress) {
  return {
    runc: await debianVersion(host, 'runc'),
    keepalived: await userlandVersion('keepalived', 'keepalived', progress),
    nginx: await userlandVersion('nginx', 'nginx', progress),
    busybox: await userlandVersion('tools', 'busybox', progress),
  };
}

async function userlandVersion(name: keyof typeof userlands, debianPackage: string, progress: Progress) {
  return upstreamPart(await debianVersion(await debianClosure(userlands[name].packages, progress), debianPackage));
}

async function copyDebs(folders: string[], pool: string): Promise<void> {
  for (const folder of folders) await cp(folder, pool, { recursive: true });
}

async function describe(folder: string, debian: Record<string, string>): Promise<void> {
  const pool = await poolPackages(join(folder, 'packages/deb'));
  const names = [...Object.keys(packages), ...fromDebian].sort();
  const install = Object.fromEntries(names.map((name) => [name, pool.get(name) ?? '']));
  await proveDebRepository(join(folder, 'packages/deb'), install);
  const rpms = Object.fromEntries(await poolRpms(join(folder, 'packages/rpm')));
  await proveRpmRepository(join(folder, 'packages/rpm'), rpms);
  await describeBundle(folder, {
    kubernetesVersion: versions.kubernetes,
    versions: { ...versions, ...debian },
    cni: ['flannel'],
    packages: {
      deb: { ...debSuite, key: 'packages/deb/key.asc', install },
      rpm: { key: 'packages/rpm/key.asc', install: rpms },
    },
    images: await nameImages(join(folder, 'images')),
    manifests: { flannel: 'manifests/flannel.yaml' },
  });
}
