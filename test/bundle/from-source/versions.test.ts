import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { earlierKubernetes, versions } from '../../../bundle/from-source/versions.js';

test.each([
  ['kubernetes', 'k8s.io/kubernetes', versions.kubernetes],
  [`kubernetes-${earlierKubernetes}`, 'k8s.io/kubernetes', earlierKubernetes],
  ['etcd', 'go.etcd.io/etcd/server/v3', `v${versions.etcd.split('-')[0]}`],
  ['etcd', 'go.etcd.io/etcd/etcdctl/v3', `v${versions.etcd.split('-')[0]}`],
  ['etcd', 'go.etcd.io/etcd/etcdutl/v3', `v${versions.etcd.split('-')[0]}`],
  ['coredns', 'github.com/coredns/coredns', versions.coredns],
  ['containerd', 'github.com/containerd/containerd/v2', `v${versions.containerd}`],
  ['cni-plugins', 'github.com/containernetworking/plugins', `v${versions.cniPlugins}`],
  ['flannel', 'github.com/flannel-io/flannel', versions.flannel],
])("%s's go.mod has %s at the version that the bundle names", async (folder, module, version) => {
  const required = await readFile(new URL(`../../../bundle/from-source/${folder}/go.mod`, import.meta.url), 'utf8');

  expect(required.split('\n').map((line) => line.replace(/^(require)?\s+| \/\/ indirect$/g, ''))).toContain(
    `${module} ${version}`,
  );
});

test("salt's requirements.txt has Salt at the version that the bundle names, and each package with its checksum", async () => {
  const path = new URL('../../../bundle/from-source/salt/requirements.txt', import.meta.url);
  const required = (await readFile(path, 'utf8')).split('\n').filter((line) => line && !line.startsWith('#'));

  expect(required.map((line) => line.split(' ')[0])).toContain(`salt==${versions.salt}`);
  for (const line of required) expect(line).toMatch(/^[a-z0-9-]+==\S+ --hash=sha256:[0-9a-f]{64}$/);
});
