import { describe, expect, test } from 'vitest';
import { finalizedDigest } from '../../../src/activities/steps/configure-kubelet.js';
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

describe('on a node, whose API server needs the kubelet to run', () => {
  const instanceText = 'kind: KubeletConfiguration\n';
  const successor = { ...input, instanceText, flagsText: '', nodeName: 'cp2', wasStandalone: true };
  const ofNode = { ...input, successor };

  test('the kubelet that was stopped is started with what it has', async () => {
    const host = node();
    host.units.kubelet = { load: 'loaded', active: 'inactive', enabled: 'disabled', startedWith: finalizedDigest };

    expect(startStandaloneKubelet.plan(ofNode, await startStandaloneKubelet.read(hostView(host), ofNode))).toEqual([
      { kind: 'unit', name: 'kubelet', inputsDigest: finalizedDigest },
    ]);
  });

  test('a configuration that was taken away is made anew, and no pod loses its kubelet', async () => {
    const host = node();
    delete host.files['/var/lib/kubelet/config.yaml'];

    const changes = startStandaloneKubelet.plan(ofNode, await startStandaloneKubelet.read(hostView(host), ofNode));

    expect(changes.map((change) => ('path' in change ? change.path : change.kind))).toEqual([
      '/var/lib/kubelet/config.yaml',
      '/etc/systemd/system/kubelet.service.d/20-temper-standalone.conf',
      '/etc/temper/kubelet-standalone.yaml',
      'unit',
    ]);
  });

  function node() {
    const host = bareHost();
    for (const file of ['config.yaml', 'instance-config.yaml', 'kubeadm-flags.env', 'pki/kubelet-client-current.pem'])
      write(host, `/var/lib/kubelet/${file}`, '');
    host.units.kubelet = { load: 'loaded', active: 'active', enabled: 'enabled', startedWith: finalizedDigest };
    return host;
  }
});
