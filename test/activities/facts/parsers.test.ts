import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseContainer } from '../../../src/activities/facts/containers.js';
import { parseFirewall } from '../../../src/activities/facts/firewall.js';
import { parseImages } from '../../../src/activities/facts/images.js';
import { parseObjects } from '../../../src/activities/facts/objects.js';
import { parsePackages } from '../../../src/activities/facts/packages.js';
import { parseSystem } from '../../../src/activities/facts/system.js';
import { parseUnit } from '../../../src/activities/facts/units.js';

test('a Debian 12 host is read whole', () => {
  const system = parseSystem(recorded('debian-12-system'));

  expect(system).toMatchObject({
    hostname: 'cp1',
    os: { id: 'debian', idLike: '', versionId: '12', prettyName: 'Debian GNU/Linux 12 (bookworm)' },
    kernel: '6.18.44',
    architecture: 'amd64',
    cpus: 2,
    memoryMiB: 24105,
    swap: [],
    nameservers: ['10.77.0.1'],
    cgroup: 'v1',
    selinux: 'disabled',
    programs: ['conntrack', 'containerd', 'ctr', 'ip', 'kubelet', 'mount'],
    caFolders: ['/etc/ca-certificates', '/usr/share/ca-certificates'],
    usesSystemdResolved: false,
    networkOnlineWaiters: [],
    freeMiB: [
      { path: '/', free: 65890 },
      { path: '/var/lib/etcd', free: 65890 },
    ],
  });
  expect(system.addresses).toContainEqual({
    interface: 'eth1',
    address: '10.77.1.11',
    prefixLength: 24,
    primary: true,
  });
  expect(system.routes).toEqual([
    { destination: '0.0.0.0/0', interface: 'eth0', gateway: '10.77.0.1' },
    { destination: '10.77.0.0/24', interface: 'eth0', gateway: undefined },
    { destination: '10.77.1.0/24', interface: 'eth1', gateway: undefined },
    { destination: '10.233.0.0/24', interface: 'cni0', gateway: undefined },
  ]);
  expect(system.listening).toHaveLength(17);
  for (const socket of [
    { protocol: 'tcp', address: '10.77.0.11', port: 8443, process: 'nginx' },
    { protocol: 'tcp', address: '*', port: 6443, process: 'kube-apiserver' },
    { protocol: 'tcp', address: '::', port: 22, process: 'sshd' },
    { protocol: 'udp', address: '0.0.0.0', port: 8472, process: '' },
  ]) {
    expect(system.listening).toContainEqual(socket);
  }
});

test('what other hosts say more is read too', () => {
  const system = parseSystem(`
@os
ID="rocky"
ID_LIKE="rhel centos fedora"
VERSION_ID="9.5"
@architecture
aarch64
@swap
Filename				Type		Size		Used		Priority
/dev/sda2                               partition	2097148		0		-2
@addresses
2: ens3    inet 10.0.0.5/24 brd 10.0.0.255 scope global noprefixroute ens3\\       valid_lft forever
2: ens3    inet 10.0.0.9/24 brd 10.0.0.255 scope global secondary ens3\\       valid_lft forever
3: tun0    inet 10.8.0.2 peer 10.8.0.1/32 scope global tun0\\       valid_lft forever
@routes
10.8.0.1 dev tun0 proto kernel scope link src 10.8.0.2
unreachable 10.66.0.0/16
@listening
udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:* users:(("systemd-resolve",pid=1,fd=2))
@cgroup
cgroup2fs
@selinux
Enforcing
@resolved
active
`);

  expect(system).toMatchObject({
    os: { id: 'rocky', idLike: 'rhel centos fedora', versionId: '9.5' },
    architecture: 'arm64',
    swap: ['/dev/sda2'],
    addresses: [
      { address: '10.0.0.5', primary: true },
      { address: '10.0.0.9', primary: false },
      { interface: 'tun0', address: '10.8.0.2', prefixLength: 32 },
    ],
    routes: [{ destination: '10.8.0.1/32', interface: 'tun0' }],
    listening: [{ protocol: 'udp', address: '127.0.0.53', port: 53, process: 'systemd-resolve' }],
    cgroup: 'v2',
    selinux: 'enforcing',
    usesSystemdResolved: true,
  });
});

test('a unit that waits for its turn while the host boots is on its way', () => {
  const booting = 'LoadState=loaded\nActiveState=inactive\nUnitFileState=enabled\nJob=87\nStartedWith=abc';

  expect(parseUnit(booting).active).toBe('activating');
});

test('units say whether they are there, run, and with what they were started', () => {
  const [kubelet, nope] = recorded('debian-12-units').split('\n\n').map(parseUnit);

  const startedWith = 'b356824dd8a0bc22cf8fabbdbe55607e74ee9f340b2c3f69c560689358962aab';
  expect(kubelet).toEqual({ load: 'loaded', active: 'active', enabled: 'enabled', startedWith });
  expect(nope).toEqual({ load: 'not-found', active: 'inactive', enabled: '', startedWith: undefined });
});

test('packages count when they are installed, held or not', () => {
  const packages = parsePackages(`${recorded('debian-12-packages')}ethtool 1:6.1-1 deinstall config-files\n`);

  expect(Object.fromEntries(packages)).toEqual({
    kubelet: { version: '1.36.3-1.1', held: true },
    sudo: { version: '1.9.13p3-1+deb12u4', held: false },
  });
});

test('images are known by their full name', () => {
  const images = parseImages(recorded('debian-12-ctr-images-ls'));

  expect(images.size).toBe(4);
  expect(images.get('docker.io/library/nginx:1.22.1')?.digest).toMatch(/^sha256:f8f3feb1/);
});

test('of the containers with a name the running one counts', () => {
  const tasks = `${recorded('debian-12-ctr-tasks-ls')}\ndead    12    STOPPED`;

  const running = parseContainer(
    tasks,
    'gone\ndead\n8bc0aad4a82f02b4fecbdd328674803cd7895c2bf6e6d203596346ecfdb1d12a\n',
  );

  expect(running).toMatchObject({ id: expect.stringMatching(/^8bc0/), state: 'RUNNING' });
  expect(parseContainer(tasks, 'dead')).toEqual({ id: 'dead', state: 'STOPPED' });
  expect(parseContainer(tasks, '')).toBeUndefined();
  expect(parseContainer('', '')).toBeUndefined();
});

test('firewalld: rules of the default zone, and what is trusted', () => {
  const output = recorded('debian-12-firewalld');
  const rules = {
    richRules: ['rule family="ipv4" destination address="10.77.0.11" port port="6443" protocol="tcp" accept'],
    trustedSources: ['10.233.0.0/16'],
  };

  expect(parseFirewall(output)).toEqual({ runs: true, runtime: rules, permanent: rules });
  expect(parseFirewall('')).toMatchObject({ runs: false });
});

test('kubectl answers with nothing, an object or a list', () => {
  const object = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'cp1' } };

  expect(parseObjects('')).toEqual([]);
  expect(parseObjects(JSON.stringify(object))).toEqual([object]);
  expect(parseObjects(JSON.stringify({ kind: 'List', items: [object, object] }))).toEqual([object, object]);
});

function recorded(name: string): string {
  return readFileSync(new URL(`fixtures/${name}.txt`, import.meta.url), 'utf8');
}
