import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';

import { lookAtHost } from '../../src/activities/look-at-host.js';
import { networkProbes } from '../../src/activities/network/probes.js';
import { viewOf } from '../../src/activities/view.js';
import { clusterOf } from '../../src/cluster/cluster.js';
import { completeSpec } from '../../src/cluster/complete.js';
import type { NetworkFinding } from '../../src/cluster/network/seen.js';
import { clusterSchema } from '../../src/cluster/spec.js';
import { virtualIpFindings } from '../../src/cluster/virtual-ip-findings.js';
import { virtualRouterId } from '../../src/cluster/virtual-ip.js';
import { Doors } from '../../src/host/doors.js';
import { checkNetwork } from '../../src/workflows/check-network.js';
import { hostTarget } from '../../src/workflows/host-target.js';
import { clusterYaml } from '../../lab/cluster-yaml.js';
import { runOrThrow } from '../../lab/command.js';
import type { Lab } from '../../lab/lab.js';
import { foreign, hostNamespace, labNamespace, virtualIP } from '../../lab/network.js';
import { startLab } from '../../lab/start-lab.js';
import { sampleBundle, sampleCluster } from '../sample-cluster.js';

/** Three hosts on which nothing was done yet, looked at as `temper check --hosts` does. */
let lab: Lab;
let doors: Doors;
const roles = { cp1: ['bootstrap', 'control-plane'], cp2: ['control-plane'], w1: ['worker'] };
const names = Object.keys(roles);

beforeAll(async () => {
  lab = await startLab({ prefix: `network-${process.pid}`, hosts: names.map((name) => ({ name })) });
  doors = new Doors();
});

afterAll(async () => {
  doors?.close();
  await lab?.stop();
});

describe('behind a firewalld that is yet to be opened', () => {
  it('nothing is an error, and nothing of the check stays', async () => {
    expect(await errors()).toEqual([]);

    for (const name of names) expect(await leftOn(name)).toBe('');
  });

  it('a host that shows itself to nobody is no error', async () => {
    onTestFinished(() => onW1('firewall-cmd --quiet --set-default-zone=public && firewall-cmd --quiet --reload'));
    await onW1('firewall-cmd --quiet --set-default-zone=drop && firewall-cmd --quiet --add-service=ssh');

    expect(await errors()).toEqual([]);
  });

  it('a machine-id that two hosts have is named', async () => {
    await onW1('cp /etc/machine-id /root/own');
    onTestFinished(() => onW1('cp /root/own /etc/machine-id'));
    await lab.execOrThrow('w1', 'cat >/etc/machine-id', { input: await lab.execOrThrow('cp1', 'cat /etc/machine-id') });

    expect(await errors()).toEqual([expect.stringMatching(/^w1: MachineId: .* is also cp1's$/)]);
  });

  it('somebody who has the virtual IP already is found', async () => {
    const stranger = ['ip', '-n', hostNamespace(lab.state.prefix, foreign)];
    await runOrThrow([...stranger, 'address', 'add', `${virtualIP}/32`, 'dev', 'eth0']);
    onTestFinished(async () => {
      await runOrThrow([...stranger, 'address', 'delete', `${virtualIP}/32`, 'dev', 'eth0']);
      // A kernel believes an answer for half a minute.
      for (const name of names) await lab.execOrThrow(name, ['ip', 'neigh', 'flush', 'to', virtualIP]);
    });

    expect(await errors()).toEqual([
      expect.stringMatching(/^cp1: VirtualIP: apiServer.virtualIP \S+ is taken: [0-9a-f:]{17} has it$/),
    ]);
  });

  it('another cluster with our virtual router id is heard', async () => {
    const speaking = new AbortController();
    const announcing = announce(virtualRouterId(lab.state.prefix), speaking.signal);
    onTestFinished(() => {
      speaking.abort();
      return announcing;
    });

    const line = expect.stringMatching(/VirtualRouterId: 10\.77\.0\.200 already announces virtual router/);
    expect(await errors()).toEqual([line, line]);
  });
});

describe('without firewalld', () => {
  beforeAll(async () => {
    for (const name of names) await lab.execOrThrow(name, 'systemctl stop firewalld');
  });

  afterEach(async () => {
    for (const name of names) await lab.execOrThrow(name, 'nft flush ruleset');
    await inLab('nft', 'flush', 'ruleset');
  });

  it('every port of the table is tried, and nothing of the check stays', async () => {
    expect(await errors()).toEqual([]);

    for (const name of names) expect(await leftOn(name)).toBe('');
  });

  it.each([
    ['drops', 'drop', 'no answer'],
    ['refuses', 'reject with tcp reset', 'refused, although somebody listens there'],
    ['forbids', 'reject with icmp type admin-prohibited', 'no way there, or it is forbidden'],
  ])('a firewall that %s a port is found, once for each who needs it', async (_, verdict, seen) => {
    await lab.execOrThrow(
      'cp1',
      `nft add table ip other && nft 'add chain ip other input { type filter hook input priority 0; }' && nft add rule ip other input tcp dport '{ 2380, 6443 }' ${verdict}`,
    );

    expect(await errors()).toEqual([
      `cp2: PeerPort-2380: it cannot reach cp1 on 10.77.0.11:2380 (etcd-peer): ${seen}`,
      `cp2: PeerPort-6443: it cannot reach cp1 on 10.77.0.11:6443 (kube-apiserver): ${seen}`,
      `w1: PeerPort-6443: it cannot reach cp1 on 10.77.0.11:6443 (kube-apiserver): ${seen}`,
    ]);
  });

  it('a network that loses full packets is found with the size that passes', async () => {
    await inLab('nft', 'add table bridge lossy');
    await inLab('nft', 'add chain bridge lossy forward { type filter hook forward priority 0; }');
    await inLab('nft', 'add rule bridge lossy forward ip saddr 10.77.1.13 ip length > 1420 drop');

    expect(await errors()).toEqual([
      expect.stringMatching(/^cp1: PathMTU: packets of 1500 bytes to w1 \(10\.77\.1\.13\) .* of 1400 bytes not$/),
      expect.stringMatching(/^cp2: PathMTU: packets of 1500 bytes to w1 \(10\.77\.1\.13\) .* of 1400 bytes not$/),
    ]);
  });
});

async function onW1(script: string): Promise<void> {
  await lab.execOrThrow('w1', script);
}

async function errors(): Promise<string[]> {
  const findings = await check();
  return findings
    .filter(({ level }) => level === 'error')
    .map(({ host, check, message }) => `${host}: ${check}: ${message}`);
}

async function check(): Promise<NetworkFinding[]> {
  const written = clusterSchema.parse(parse(clusterYaml(lab, { bundle: sampleBundle, roles })));
  const spec = completeSpec(written, { name: 'cluster.yaml', folder: '/', home: '/root' });
  const { bundle } = sampleCluster();
  const looks = await Promise.all(
    spec.hosts.map(async ({ name }) => lookAtHost(await viewOf(hostTarget(spec, name), doors), spec, name, bundle)),
  );
  const ofNetwork = await checkNetwork(
    clusterOf(spec, bundle, looks),
    networkProbes((host) => viewOf(host, doors)),
  );
  return [...virtualIpFindings(spec, looks), ...ofNetwork];
}

/** Listeners, and what was written to the disk of etcd. */
async function leftOn(name: string): Promise<string> {
  return lab.execOrThrow(name, 'pgrep temper-listen || :; ls -A /var/lib/etcd; ls -A /var/lib | grep temper || :');
}

/** VRRP of another cluster, until `signal`. */
async function announce(routerId: number, signal: AbortSignal): Promise<void> {
  const advertisement = `pack('CCCCnna4', 0x31, ${routerId}, 100, 1, 100, 0, inet_aton('10.77.0.222'))`;
  const script = `use Socket; socket(my $s, PF_INET, SOCK_RAW, 112) or die $!; setsockopt($s, 0, 32, inet_aton('10.77.0.200')) or die $!;
    send($s, ${advertisement}, 0, pack_sockaddr_in(0, inet_aton('224.0.0.18'))) or die $!;`;
  while (!signal.aborted) {
    await runOrThrow(['ip', 'netns', 'exec', hostNamespace(lab.state.prefix, foreign), 'perl', '-e', script]);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function inLab(...command: string[]): Promise<void> {
  await runOrThrow(['ip', 'netns', 'exec', labNamespace(lab.state.prefix), ...command]);
}
