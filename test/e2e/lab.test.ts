import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { once } from 'node:events';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { run } from '../../lab/command.js';
import type { Lab } from '../../lab/lab.js';
import { balancer, foreign } from '../../lab/network.js';
import { openLab, startLab } from '../../lab/start-lab.js';
import { labFolder } from '../../lab/state.js';
import { stopLab } from '../../lab/stop-lab.js';

const prefix = 'lab-test';
const neighbour = 'lab-test-2';
const routed = 'lab-test-3';

describe('a lab of two hosts', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ prefix, hosts: [{ name: 'a' }, { name: 'b', networks: ['control'] }] });
  });
  afterAll(async () => {
    await stopLab(prefix);
    await stopLab(neighbour);
  });

  it('boots hosts whose systemd has nothing to complain about', async () => {
    for (const { name } of lab.hosts) {
      expect(await lab.execOrThrow(name, 'systemctl is-system-running; firewall-cmd --state')).toBe(
        'running\nrunning\n',
      );
    }
  });

  it.each(['root', 'ops'])('lets %s log in by SSH, become root, and be sure which host it is', async (user) => {
    const { stdout } = await run([
      'ssh',
      '-o',
      'BatchMode=yes',
      ...lab.sshArguments('a', user),
      'hostname; sudo id -u',
    ]);

    expect(stdout).toBe('a\n0\n');
  });

  it('puts each host on the planes it asked for, with names for all', async () => {
    expect(lab.host('a')).toMatchObject({ address: '10.77.0.11', workloadAddress: '10.77.1.11' });
    expect(lab.host('b')).toMatchObject({ address: '10.77.0.12', workloadAddress: undefined });
    expect(await lab.execOrThrow('a', 'getent hosts b')).toContain('10.77.0.12');
    expect((await lab.exec('b', 'ip link show eth1')).code).not.toBe(0);
  });

  it('says of a port whether it is open, refused or filtered, also to somebody who is no host', async () => {
    await lab.execOrThrow('a', 'firewall-cmd --add-port=7001/tcp');

    expect(await lab.dial(foreign, '10.77.0.11', 22)).toBe('open');
    expect(await lab.dial(foreign, '10.77.1.11', 7001)).toBe('refused');
    expect(await lab.dial('b', '10.77.0.11', 7002)).toBe('filtered');
    expect(await lab.dial('a', '127.0.0.1', 7002)).toBe('refused');
  });

  it('ends a command that takes too long', async () => {
    expect((await lab.exec('a', 'sleep 60', { timeoutSeconds: 1 })).code).toBe(124);
  });

  it('has no way out', async () => {
    expect(await lab.dial('a', '192.0.2.1', 80)).toBe('filtered');
    expect((await lab.exec('a', ['getent', 'hosts', 'example.com'], { timeoutSeconds: 5 })).code).toBe(2);
  });

  it('keeps the disk through a power cut, and boots anew from it', async () => {
    await lab.execOrThrow('a', 'echo kept > /root/on-overlay; echo kept > /var/lib/etcd/on-disk; sync');
    const before = await lab.execOrThrow('a', 'cat /etc/machine-id /proc/sys/kernel/random/boot_id');

    await lab.powerCut('a');

    expect(await lab.isOn('a')).toBe(false);
    expect(await lab.dial('b', '10.77.0.11', 22)).not.toBe('open');
    await lab.powerOn('a');
    expect(await lab.execOrThrow('a', 'cat /root/on-overlay /var/lib/etcd/on-disk')).toBe('kept\nkept\n');
    const after = await lab.execOrThrow('a', 'cat /etc/machine-id /proc/sys/kernel/random/boot_id');
    expect(after.split('\n')[0]).toBe(before.split('\n')[0]);
    expect(after.split('\n')[1]).not.toBe(before.split('\n')[1]);
  });

  it('cuts a host from every network and mends it', async () => {
    await lab.networkCut('a');

    expect(await lab.dial('b', '10.77.0.11', 22)).toBe('filtered');
    await lab.networkMend('a');
    expect(await lab.dial('b', '10.77.0.11', 22)).toBe('open');
  });

  it('gives a host an empty disk and a new identity at a reset', async () => {
    await lab.execOrThrow('b', 'touch /root/file /var/lib/kubelet/file');
    const keysBefore = await readFile(lab.knownHosts, 'utf8');

    await lab.reset('b');

    expect(await lab.execOrThrow('b', 'ls /root /var/lib/kubelet')).not.toContain('file');
    expect(await readFile(lab.knownHosts, 'utf8')).not.toBe(keysBefore);
    expect((await run(['ssh', '-o', 'BatchMode=yes', ...lab.sshArguments('b'), 'true'])).code).toBe(0);
  });

  it('is found again by its name, and takes more hosts', async () => {
    const found = await openLab(prefix);

    const added = await found.addHost({ name: 'c' });

    expect(added.address).toBe('10.77.0.13');
    expect(await found.execOrThrow('a', 'getent hosts c')).toContain('10.77.0.13');
  });

  it('is refused while it runs, but another one runs beside it', async () => {
    await expect(startLab({ prefix, hosts: [{ name: 'a' }] })).rejects.toThrow('is up already');

    const beside = await startLab({ prefix: neighbour, hosts: [{ name: 'a' }] });
    await beside.execOrThrow('a', 'hostname > /root/beside');

    expect((await lab.exec('a', 'cat /root/beside')).code).not.toBe(0);
  });
});

describe('a lab of three networks', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({
      prefix: routed,
      hosts: [
        { name: 'a' },
        { name: 'b', networks: ['routed'] },
        { name: 'c', networks: ['control', 'routed', 'workload', 'workload'], defaultRoute: 'workload' },
      ],
    });
  });
  afterAll(() => stopLab(routed));

  it('has a router that leads to a host whose only address is in the third one, and back', async () => {
    expect(lab.host('b')).toMatchObject({ addresses: ['10.77.2.12'], workloadAddress: undefined });
    expect(await lab.dial('a', '10.77.2.12', 22)).toBe('open');
    expect(await lab.dial('b', '10.77.0.11', 22)).toBe('open');
    expect(await lab.dial('b', '10.77.1.11', 22)).toBe('open');
    const { stdout } = await run(['ssh', '-o', 'BatchMode=yes', ...lab.sshArguments('b'), 'hostname']);
    expect(stdout).toBe('b\n');
  });

  it('gives a host several addresses, in the order of its cables, and the default route that it asks for', async () => {
    expect(lab.host('c').addresses).toEqual(['10.77.0.13', '10.77.2.13', '10.77.1.13', '10.77.1.113']);
    expect(await lab.execOrThrow('c', 'ip route get 192.0.2.1')).toContain('via 10.77.1.1 dev eth2');
    expect(await lab.execOrThrow('c', 'ip -o -4 address show eth3')).toContain('10.77.1.113/24');
    expect(await lab.execOrThrow('a', 'ip route get 192.0.2.1')).toContain('via 10.77.0.1 dev eth0');
  });

  it('says which hosts have an address', async () => {
    await lab.execOrThrow('c', 'ip address add 10.77.0.100/32 dev eth0');

    expect(await lab.holdersOf('10.77.0.100')).toEqual(['c']);
    expect(await lab.holdersOf('10.77.0.10')).toEqual([]);
  });

  it('counts the packets of a network, and drops them if asked to', async () => {
    const counted = await lab.countPackets({ network: 'control', match: 'tcp dport 7001' });
    const elsewhere = await lab.countPackets({ network: 'workload', match: 'tcp dport 7001' });
    const dropped = await lab.countPackets({ network: 'control', match: 'tcp dport 22', drop: true });

    await lab.dial('a', lab.host('c').address, 7001);

    expect(await counted.packets()).toBeGreaterThan(0);
    expect(await elsewhere.packets()).toBe(0);
    expect(await lab.dial('a', '10.77.0.13', 22)).toBe('filtered');
    expect(await dropped.packets()).toBeGreaterThan(0);
    expect(await lab.dial('a', '10.77.1.13', 22)).toBe('open');
  });

  it('has a load balancer that passes on to the hosts that answer', async () => {
    for (const name of ['a', 'c']) {
      await lab.execOrThrow(name, 'firewall-cmd --add-port=7002/tcp');
      const input = `$s = IO::Socket::INET->new(Listen => 9, LocalPort => 7002); while ($c = $s->accept) { print $c "${name}"; close $c }`;
      await lab.execOrThrow(name, 'cat > /root/serve; systemd-run perl -MIO::Socket::INET /root/serve', { input });
    }
    await eventually(async () => expect(await lab.dial(foreign, '10.77.0.11', 7002)).toBe('open'));
    await eventually(async () => expect(await lab.dial(foreign, '10.77.0.13', 7002)).toBe('open'));

    const address = await lab.startLoadBalancer(7002, ['a', 'c']);

    const ask = async () =>
      (await lab.execOrThrow('b', ['bash', '-c', `exec 3<>/dev/tcp/${address}/7002; cat <&3`])).trim();
    expect([await ask(), await ask()].sort()).toEqual(['a', 'c']);
    await lab.powerCut('c');
    expect([await ask(), await ask()]).toEqual(['a', 'a']);
    await expect(lab.addHost({ name: balancer })).rejects.toThrow('cannot be the name of a host');
  });

  it('leaves nothing, the load balancer neither', async () => {
    await lab.stop();

    await expectNothingLeft(routed);
  });
});

describe('a lab whose process was killed', () => {
  const killed = 'lab-test-killed';
  afterAll(() => stopLab(killed));

  it.each([300, 1000, 2500])('is cleaned by the next one after %i ms', async (milliseconds) => {
    const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', starting(killed)], {
      stdio: 'inherit',
    });
    const ended = once(owner, 'exit');
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    owner.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);

    const next = await startLab({ prefix: killed, hosts: [{ name: 'a' }] });

    expect(await next.execOrThrow('a', 'hostname')).toBe('a\n');
    await next.stop();
    await expectNothingLeft(killed);
  });

  it('is taken down also when its folder is lost', async () => {
    await startLab({ prefix: killed, hosts: [{ name: 'a' }] });
    await rm(labFolder(killed), { recursive: true });

    await stopLab(killed);

    await expectNothingLeft(killed);
  });
});

async function eventually(holds: () => Promise<void>): Promise<void> {
  await vi.waitFor(holds, { timeout: 10_000, interval: 100 });
}

function starting(prefix: string): string {
  return `
    const { startLab } = await import('./lab/start-lab.ts');
    await startLab({ prefix: '${prefix}', hosts: [{ name: 'a' }, { name: 'b' }] });
    setInterval(() => {}, 1000);`;
}

async function expectNothingLeft(prefix: string): Promise<void> {
  expect(existsSync(labFolder(prefix))).toBe(false);
  expect((await run(['find', '/run', '-name', `*${prefix}*`])).stdout).toBe('');
  expect((await run(['ip', 'netns', 'list'])).stdout).not.toContain(`temper-${prefix}`);
  expect((await run(['find', '/sys/fs/cgroup', '-path', `*/temper-lab/${prefix}*`])).stdout).toBe('');
  expect(await readFile('/proc/self/mounts', 'utf8')).not.toContain(labFolder(prefix));
  expect((await run(['pgrep', '-f', `machine=${prefix}\\.`])).stdout).toBe('');
}
