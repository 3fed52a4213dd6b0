import { expect, test } from 'vitest';
import { configureContainerd, type ContainerdInput } from '../../../src/activities/steps/configure-containerd.js';
import type { HostView } from '../../../src/activities/step.js';
import { apply } from '../fake-changes.js';
import { bareHost, hostView, type FakeHost } from '../fake-host.js';

const input: ContainerdInput = {
  pause: 'registry.k8s.io/pause:3.10.2',
  userConfig: 'version = 3\n',
  registries: ['registry.k8s.io'],
  server: 'https://10.0.0.11:8443',
};

test.each<[string, Partial<ContainerdInput>, string[]]>([
  ['nothing when nothing has changed', {}, []],
  [
    'the sandbox image and restarts containerd',
    { pause: 'registry.k8s.io/pause:3.11' },
    ['file /etc/containerd/config.toml', 'unit containerd'],
  ],
  [
    "the user's file and restarts containerd",
    { userConfig: '' },
    ['absent /etc/containerd/conf.d/90-user.toml', 'unit containerd'],
  ],
  [
    'a registry without a restart',
    { registries: ['registry.k8s.io', 'docker.io'] },
    ['file /etc/containerd/certs.d/docker.io/hosts.toml'],
  ],
  [
    'every other registry to be kept away, without a restart',
    { registries: ['registry.k8s.io', '_default'] },
    ['file /etc/containerd/certs.d/_default/hosts.toml'],
  ],
])('changes %s', async (_, changed, expected) => {
  const host = bareHost();
  apply(host, { kind: 'packages', format: 'deb', install: { containerd: '2.2.9-1.1' } });
  for (const change of await planned(host, input)) apply(host, change);

  const changes = await planned(host, { ...input, ...changed });

  expect(changes.map((change) => `${change.kind} ${'path' in change ? change.path : 'containerd'}`)).toEqual(expected);
});

test.each([
  ['its own', undefined, ['absent /etc/containerd/certs.d/_default/hosts.toml']],
  ["not a person's", 'server = "https://mirror.example.com"\n', []],
])('takes back the file that keeps other registries away: %s', async (_, edited, expected) => {
  const path = '/etc/containerd/certs.d/_default/hosts.toml';
  const host = bareHost();
  apply(host, { kind: 'packages', format: 'deb', install: { containerd: '2.2.9-1.1' } });
  for (const change of await planned(host, { ...input, registries: ['registry.k8s.io', '_default'] }))
    apply(host, change);
  if (edited) host.files[path] = { type: 'file', mode: '0644', content: edited };

  const changes = await planned(host, input);

  expect(changes.map((change) => `${change.kind} ${'path' in change ? change.path : ''}`)).toEqual(expected);
});

async function planned(host: FakeHost, wanted: ContainerdInput) {
  return configureContainerd.plan(wanted, await configureContainerd.read(hostView(host), wanted));
}

test.each([
  ['answers', { stdout: 'Type:         io.containerd.grpc.v1\nID:           cri\n' }, undefined],
  ['does not run', { code: 1, stderr: 'ctr: failed to dial\n' }, 'failed to dial'],
  [
    'runs without its CRI part',
    { stdout: 'ID: cri\nError:       \n  Code:        Unknown\n  Message:     too many open files\n' },
    'too many open files (when that is mended: systemctl restart containerd)',
  ],
])('is verified by what it says of itself when it %s', async (_, answer, trouble) => {
  const view: HostView = {
    ...hostView(bareHost()),
    ask: async () => ({ code: 0, stdout: '', stderr: '', ...answer }),
  };

  const verified = configureContainerd.verify!(view, input);

  if (trouble) await expect(verified).rejects.toThrow(trouble);
  else await verified;
});
