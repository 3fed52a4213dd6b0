import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { buildBundleFromSource } from '../../bundle/from-source/build.js';
import { earlierKubernetes, versions } from '../../bundle/from-source/versions.js';
import { projectFolder } from '../../bundle/project-folder.js';
import { run } from '../../lab/command.js';
import { balancerAddress } from '../../lab/load-balancer.js';
import { startFixture } from '../e2e/fixture.js';
import type { Fixture } from '../e2e/fixture.js';

/** A cluster of Temper's, upgraded by the real kubeadm as its documentation says: https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-upgrade */
let fixture: Fixture;
let newer: string;
const roles = { cp1: ['bootstrap', 'control-plane'], cp2: ['control-plane'], w1: ['worker'] };
const names = Object.keys(roles);
const ignore = '--ignore-preflight-errors=SystemVerification';

beforeAll(async () => {
  newer = await buildBundleFromSource((line) => process.stderr.write(`${line}\n`));
  fixture = await startFixture('upgrade', {
    bundle: await earlierBundle(),
    hosts: names.map((name) => ({ name })),
    roles,
    spec: { apiServer: { endpoint: `${balancerAddress}:6443` } },
  });
  await fixture.lab.startLoadBalancer(6443, ['cp1', 'cp2']);
});

afterAll(() => fixture?.end());

test('a cluster begins at the earlier patch release', async () => {
  const bootstrapped = await fixture.temper('bootstrap', fixture.spec, '--yes');

  expect(bootstrapped, bootstrapped.stderr).toMatchObject({ code: 0 });
  expect(await versionsOfNodes()).toEqual(names.map(() => earlierKubernetes));
});

describe.each(names)('on %s', (name) => {
  test('kubeadm upgrades what Temper has made', async () => {
    await bringPackagesAndImages(name);

    const apply = name === 'cp1' ? `apply ${versions.kubernetes} --yes` : 'node';
    const upgraded = await fixture.lab.exec(name, `kubeadm upgrade ${apply} ${ignore}`);
    await fixture.lab.execOrThrow(name, 'systemctl daemon-reload && systemctl restart kubelet');

    expect(upgraded, upgraded.stdout + upgraded.stderr).toMatchObject({ code: 0 });
  });
});

test('everything has the newer version, and works', async () => {
  await expect.poll(versionsOfNodes, { timeout: 120_000 }).toEqual(names.map(() => versions.kubernetes));
  await fixture.kubectl('wait', '--for=condition=Ready', 'nodes', '--all', '--timeout=120s');
  for (const host of ['cp1', 'cp2'])
    for (const pod of ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler']) {
      const name = `pod/${pod}-${host}`;
      // Not ready for as long as its kubelet, restarted a moment ago, has not asked it.
      await fixture.kubectl('wait', '-n', 'kube-system', '--for=condition=Ready', name, '--timeout=120s');
      const path = 'jsonpath={.spec.containers[0].image}';
      const image = await fixture.kubectl('get', '-n', 'kube-system', name, '-o', path);
      expect(image).toBe(`registry.k8s.io/${pod}:${versions.kubernetes}`);
    }
  const configuration = await fixture.kubectl('get', 'configmap', 'kubeadm-config', '-n', 'kube-system', '-o', 'yaml');
  expect(configuration).toContain(`kubernetesVersion: ${versions.kubernetes}`);
});

test('a bundle older than the cluster is refused from then on', async () => {
  const { code, stdout, stderr } = await fixture.temper('plan', fixture.spec);

  expect(code, stdout + stderr).toBe(2);
  expect(stderr).toContain(`newer than the bundle's ${earlierKubernetes}`);
});

/** Made by a process of its own, because what is made follows from the environment. */
async function earlierBundle(): Promise<string> {
  const program = join(projectFolder, 'dist/bundle/from-source/main.js');
  const env = { ...process.env, TEMPER_BUNDLE: 'earlier' };
  const { stdout } = await promisify(execFile)(process.execPath, [program], { env });
  return stdout.trim().split('\n').at(-1)!;
}

/** As an administrator gets them from a repository and a registry. */
async function bringPackagesAndImages(host: string): Promise<void> {
  const pool = join(newer, 'packages/deb/pool');
  const debs = (await readdir(pool)).filter((file) => /^kube(let|adm|ctl|rnetes-commands)_/.test(file));
  const into = (folder: string) => [...fixture.lab.sshArguments(host), `mkdir -p ${folder} && tar -C ${folder} -xf -`];
  await pipe(['tar', '-C', pool, '-cf', '-', ...debs], into('/root/newer/debs'));
  await pipe(['tar', '-C', join(newer, 'images'), '-cf', '-', '.'], into('/root/newer/images'));
  await fixture.lab.execOrThrow(host, 'dpkg --install /root/newer/debs/*.deb');
  await fixture.lab.execOrThrow(host, 'tar -C /root/newer/images -cf - . | ctr -n k8s.io images import -');
}

async function pipe(source: string[], sshArguments: string[]): Promise<void> {
  const quoted = (words: string[]) => words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const { code, stderr } = await run(['sh', '-c', `${quoted(source)} | ssh ${quoted(sshArguments)}`]);
  if (code !== 0) throw new Error(stderr);
}

async function versionsOfNodes(): Promise<string[]> {
  const path = 'jsonpath={.items[*].status.nodeInfo.kubeletVersion}';
  return (await fixture.kubectl('get', 'nodes', '-o', path)).split(' ');
}
