import { expect, test } from 'vitest';
import { startStandaloneKubelet } from '../../../src/activities/steps/start-standalone-kubelet.js';
import { bareHost, hostView } from '../fake-host.js';
import { write } from '../fake-changes.js';

const input = { configuration: { cgroupDriver: 'systemd', authentication: { webhook: { enabled: true } } } };

test('asks nobody who is calling, for there is no API server, and listens to nobody', async () => {
  const [config] = startStandaloneKubelet.plan(input, await startStandaloneKubelet.read(hostView(bareHost()), input));

  expect(config).toMatchObject({ content: expect.stringContaining('enableServer: false') });
  expect(config).toMatchObject({ content: expect.stringContaining('mode: AlwaysAllow') });
  expect(config).not.toMatchObject({ content: expect.stringContaining('clientCAFile') });
});

test("calls the node by the spec's name where the host has another", async () => {
  const renamed = { ...input, hostnameOverride: 'cp1' };

  const changes = startStandaloneKubelet.plan(
    renamed,
    await startStandaloneKubelet.read(hostView(bareHost()), renamed),
  );

  expect(changes[1]).toMatchObject({ content: expect.stringContaining('--hostname-override=cp1\n') });
});

test("has nothing to do once kubeadm's configuration stands", async () => {
  const host = bareHost();
  write(host, '/var/lib/kubelet/config.yaml', 'kind: KubeletConfiguration\n');

  expect(startStandaloneKubelet.plan(input, await startStandaloneKubelet.read(hostView(host), input))).toEqual([]);
});
