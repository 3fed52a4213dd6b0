import { describe, expect, test } from 'vitest';
import { finalizedDigest } from '../../../src/activities/steps/configure-kubelet.js';
import { startStandaloneKubelet } from '../../../src/activities/steps/start-standalone-kubelet.js';
import { bareHost, hostView } from '../fake-host.js';
import { write } from '../fake-changes.js';

const configuration = { cgroupDriver: 'systemd', authentication: { webhook: { enabled: true } } };
const instanceText = 'kind: KubeletConfiguration\n';
const kubelet = { configuration, instanceText, flagsText: '', nodeName: 'cp2', wasStandalone: true };
const input = { kubelet, isNode: true };

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

test("has nothing to do where kubeadm's configuration stands and no node is to be", async () => {
  const host = bareHost();
  const noNode = { ...input, isNode: false };
  write(host, '/var/lib/kubelet/config.yaml', 'kind: KubeletConfiguration\n');

  expect(startStandaloneKubelet.plan(noNode, await startStandaloneKubelet.read(hostView(host), noNode))).toEqual([]);
});

describe('on a node, whose API server needs the kubelet to run', () => {
  test('there is nothing to do while that one runs', async () => {
    expect(startStandaloneKubelet.plan(input, await startStandaloneKubelet.read(hostView(node()), input))).toEqual([]);
  });

  test('the kubelet that was stopped is started with what it has', async () => {
    const host = node();
    host.units.kubelet = { load: 'loaded', active: 'inactive', enabled: 'disabled', startedWith: finalizedDigest };

    expect(startStandaloneKubelet.plan(input, await startStandaloneKubelet.read(hostView(host), input))).toEqual([
      { kind: 'unit', name: 'kubelet', inputsDigest: finalizedDigest },
    ]);
  });

  test('a configuration that was taken away is made anew, and no pod loses its kubelet', async () => {
    const host = node();
    delete host.files['/var/lib/kubelet/config.yaml'];

    const changes = startStandaloneKubelet.plan(input, await startStandaloneKubelet.read(hostView(host), input));

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
