import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { nameOf } from '../../src/activities/changes/index.js';
import { planStep, runStep } from '../../src/activities/run-step.js';
import { installNetwork } from '../../src/activities/steps/install-network.js';
import { viewOf } from '../../src/activities/view.js';
import { networkOf } from '../../src/cluster/network-add-ons.js';
import { portsOf } from '../../src/cluster/ports.js';
import { Doors } from '../../src/host/doors.js';
import { hostTarget } from '../../src/workflows/host-target.js';
import { watchArguments } from './arguments.js';
import { clusterOfFixture } from './cluster-of.js';
import { startFixture } from './fixture.js';
import type { Ended, Fixture } from './fixture.js';
import { exportHistories } from './histories.js';
import type { ActivityRecord } from './histories.js';
import { allAnswer, pingAll } from './salt.js';
import { secretsOf } from './secrets.js';

let fixture: Fixture;
let bootstrapped: Ended;
let everyArgument: string;
let activities: ActivityRecord[];
let payloads: string;

beforeAll(async () => {
  fixture = await startFixture('cluster', { spec: { salt: { enabled: true } } });
  const argumentsSeen = watchArguments();
  bootstrapped = await fixture.temper('bootstrap', fixture.spec, '--yes');
  everyArgument = await argumentsSeen.stop();
  ({ activities, payloads } = await exportHistories(fixture));
});

afterAll(() => fixture?.end());

describe('one command', () => {
  test('ends with a Ready node and everything running', async () => {
    expect(bootstrapped, bootstrapped.stderr).toMatchObject({ code: 0 });

    expect(await fixture.kubectl('get', 'nodes', '--no-headers')).toMatch(/^cp1 +Ready +control-plane/);
    const pods = await fixture.kubectl('get', 'pods', '-A', '-o', 'jsonpath={.items[*].status.phase}');
    expect(new Set(pods.split(' '))).toEqual(new Set(['Running']));
  });

  test('gives pods DNS, and images through our registry', async () => {
    const busybox = (await readFile(join(fixture.bundle, 'bundle.yaml'), 'utf8')).match(
      /docker\.io\/library\/busybox:\S+/,
    )![0];
    await fixture.lab.execOrThrow('cp1', ['ctr', '-n', 'k8s.io', 'images', 'rm', '--sync', busybox]);
    const command = ['busybox', 'nslookup', 'kubernetes.default.svc.cluster.local'];
    await fixture.kubectl('run', 'probe', `--image=${busybox}`, '--restart=Never', '--command', '--', ...command);
    await fixture.kubectl('wait', 'pod/probe', '--for=jsonpath={.status.phase}=Succeeded', '--timeout=120s');

    // Not by `run --attach`, which prints nothing of a container that ends before it is attached to.
    const answer = await fixture.kubectl('logs', 'probe');

    expect(answer).toContain('Address: 10.96.0.1');
  });

  test('uses the networks that stand in no cluster.yaml: 10.233.0.0/16 and 10.96.0.0/12', async () => {
    const configuration = await fixture.kubectl(
      'get',
      'configmap',
      'kubeadm-config',
      '-n',
      'kube-system',
      '-o',
      'yaml',
    );
    const apiServer = await fixture.lab.execOrThrow('cp1', 'cat /etc/kubernetes/manifests/kube-apiserver.yaml');

    expect(configuration).toMatch(/podSubnet: 10\.233\.0\.0\/16[^]*serviceSubnet: 10\.96\.0\.0\/12/);
    expect(apiServer).toContain('--service-cluster-ip-range=10.96.0.0/12');
  });
});

describe('the network', () => {
  test('has exactly the listeners of the port table', async () => {
    const sockets = await fixture.lab.execOrThrow('cp1', 'ss -Hltnp');

    const cluster = await clusterOfFixture(fixture);
    const expected = portsOf(cluster, cluster.hosts[0]!)
      .filter(({ protocol }) => protocol === 'tcp')
      .map(({ address, port, process }) => `${process} ${address}:${port === 0 ? 'any' : port}`);
    const seen = sockets
      .trim()
      .split('\n')
      .map(socketOf)
      .filter((socket) => !/^(sshd|systemd|systemd-resolve) /.test(socket));
    expect([...new Set(seen)].sort()).toEqual([...new Set(expected)].sort());
  });

  test.each([6443, 8443, 10250, 2379, 2380, 10256])(
    'is closed for strangers on the workload plane, port %i',
    async (port) => {
      expect(await fixture.lab.dial('foreign', fixture.lab.host('cp1').workloadAddress!, port)).not.toBe('open');
    },
  );

  test.each([
    [6443, true],
    [8443, false],
    [10250, false],
    [2379, false],
    [2380, false],
    [10256, false],
  ])('lets strangers on the control plane in where the table says so: port %i %s', async (port, open) => {
    const answer = await fixture.lab.dial('foreign', fixture.lab.host('cp1').address, port);

    expect(answer === 'open').toBe(open);
  });

  test('serves the registry over TLS alone, and read-only', async () => {
    const url = `${fixture.lab.host('cp1').address}:8443/v2/`;
    const curl = 'curl -s -o /dev/null -w %{http_code} --cacert /etc/temper/pki/ca.crt';

    expect(await fixture.lab.execOrThrow('cp1', `${curl} https://${url}`)).toBe('200');
    expect(await fixture.lab.execOrThrow('cp1', `${curl} -X POST https://${url}x/blobs/uploads/`)).toMatch(/^40[35]$/);
    expect((await fixture.lab.exec('cp1', `curl -s -o /dev/null https://${url}`)).code).not.toBe(0);
    expect(await fixture.lab.execOrThrow('cp1', `${curl} http://${url}`)).toBe('400');
  });
});

describe('the registry and package repository', () => {
  const address = () => `https://${fixture.lab.host('cp1').address}:8443`;

  test('are refused by containerd when they show a certificate of another CA', async () => {
    const hosts = `server = "${address()}"\n[host."${address()}"]\n  ca = "/etc/kubernetes/pki/ca.crt"\n`;
    const certs = '/root/certs.d/registry.k8s.io';
    await fixture.lab.execOrThrow('cp1', `mkdir -p ${certs} && cat > ${certs}/hosts.toml`, { input: hosts });

    const pull = 'ctr -n trial images pull --hosts-dir /root/certs.d registry.k8s.io/pause:3.10.2';
    const { code, stderr } = await fixture.lab.exec('cp1', pull);

    expect(code).not.toBe(0);
    expect(stderr).toContain('certificate signed by unknown authority');
  });

  test.each([
    ['/etc/temper/pki/ca.crt', true],
    ['/etc/kubernetes/pki/ca.crt', false],
  ])('are read by apt over HTTPS with the CA %s: %s', async (ca, works) => {
    const source = `deb [signed-by=/etc/temper/apt/temper.asc] ${address()}/packages/deb temper main`;
    await fixture.lab.execOrThrow('cp1', 'cat > /root/temper.list', { input: source });
    const alone = '-o Dir::Etc::sourcelist=/root/temper.list -o Dir::Etc::sourceparts=- -o APT::Update::Error-Mode=any';

    const { code } = await fixture.lab.exec('cp1', `apt-get update ${alone} -o Acquire::https::CaInfo=${ca}`);

    expect(code === 0).toBe(works);
  });

  test('went on serving while the kubelet got its last configuration', async () => {
    const path = '{.status.containerStatuses[0].restartCount} {.status.containerStatuses[0].state.running.startedAt}';
    const pod = await fixture.kubectl(
      'get',
      'pod',
      'temper-registry-cp1',
      '-n',
      'kube-system',
      '-o',
      `jsonpath=${path}`,
    );
    const kubelet = await fixture.lab.execOrThrow(
      'cp1',
      'date -d "$(systemctl show -P ActiveEnterTimestamp kubelet)" +%s',
    );

    const [restarts, startedAt] = pod.split(' ');
    expect(restarts).toBe('0');
    expect(Date.parse(startedAt!) / 1000).toBeLessThan(Number(kubelet));
  });
});

describe('salt', () => {
  test('has a minion on the bootstrap host, which answers its master', async () => {
    expect(await pingAll(fixture)).toEqual(allAnswer(['cp1']));
  });
});

describe('the real kubeadm', () => {
  test('knows every certificate', async () => {
    const listed = await fixture.lab.execOrThrow('cp1', 'kubeadm certs check-expiration');

    for (const name of [
      'admin.conf',
      'apiserver-kubelet-client',
      'etcd-peer',
      'front-proxy-client',
      'super-admin.conf',
      'etcd-ca',
    ]) {
      expect(listed).toContain(name);
    }
    expect(listed).not.toContain('MISSING');
  });

  test('plans an upgrade, and makes a join command', async () => {
    const upgrade = await fixture.lab.execOrThrow(
      'cp1',
      'kubeadm upgrade plan v1.36.3 --ignore-preflight-errors=SystemVerification',
    );
    const join = await fixture.lab.execOrThrow('cp1', 'kubeadm token create --print-join-command');

    expect(upgrade).toContain('Target version: v1.36.3');
    expect(join).toMatch(/^kubeadm join \S+:6443 --token \S+ --discovery-token-ca-cert-hash sha256:/m);
  });
});

describe('the history', () => {
  test.each([
    'startRegistry',
    'addPackageRepository',
    'startEtcdMember',
    'startApiServer',
    'configureKubelet',
    'openFirewall',
  ])('has %s as an activity of its own, with a summary that names the host', (name) => {
    const found = activities.filter(({ type }) => type === name);

    expect(found).toHaveLength(1);
    expect(found[0]!.summary).toMatch(/^cp1: [A-Z]/);
  });

  test('says of every activity what it does', () => {
    expect(activities.filter(({ summary }) => !summary)).toEqual([]);
  });

  test('has only small activity inputs', () => {
    for (const { type, inputBytes } of activities) expect(inputBytes, type).toBeLessThan(8192);
  });

  test('holds no secret, nor do the database, the logs and the arguments of any process', async () => {
    const secrets = await secretsOf(fixture);
    expect(secrets.length).toBeGreaterThan(15);
    const files = await readdir(fixture.stateFolder, { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'latin1')),
    );

    for (const { name, marks } of secrets) {
      for (const mark of marks) {
        expect(payloads.includes(mark), `${name} in the history`).toBe(false);
        expect(everyArgument.includes(mark), `${name} in an argument`).toBe(false);
        expect(bootstrapped.stdout.includes(mark) || bootstrapped.stderr.includes(mark), `${name} printed`).toBe(false);
        for (const text of texts) expect(text.includes(mark), `${name} in the state folder`).toBe(false);
      }
    }
  });
});

describe('a second bootstrap', () => {
  test('changes nothing, keeps the CA, and takes seconds', async () => {
    const tree =
      'find /etc/kubernetes /var/lib/kubelet/*.* /etc/temper /etc/containerd -type f | sort | xargs sha256sum';
    const before = await fixture.lab.execOrThrow('cp1', tree);

    const again = await fixture.temper('bootstrap', fixture.spec);

    expect(again, again.stderr).toMatchObject({ code: 0 });
    expect(await fixture.lab.execOrThrow('cp1', tree)).toBe(before);
    const plan = await fixture.temper('plan', fixture.spec, '--json');
    expect(JSON.parse(plan.stdout)).toMatchObject({ hosts: [{ host: 'cp1', changes: [], drift: [] }] });
  });

  test('says what a person changed, and leaves it alone', async () => {
    const manifest = '/etc/kubernetes/manifests/kube-scheduler.yaml';
    await fixture.lab.execOrThrow('cp1', ['sed', '-i', 's/--leader-elect=true/&\\n    - --v=1/', manifest]);
    const text = await fixture.lab.execOrThrow('cp1', ['cat', manifest]);

    const again = await fixture.temper('bootstrap', fixture.spec);
    const plan = await fixture.temper('plan', fixture.spec);

    expect(again.stdout).toContain('temper plan');
    expect(plan.stdout).toMatch(/cp1: nothing to do\n.*left alone\n {4}\S*kube-scheduler.yaml\n[^]*- +- --v=1/);
    expect(await fixture.lab.execOrThrow('cp1', ['cat', manifest])).toBe(text);
  });
});

test("Calico's manifest is taken by the API server, with the pods' network as the one pool of addresses", async () => {
  const cluster = await clusterOfFixture(fixture);
  const host = hostTarget(cluster.spec, 'cp1');
  const input = {
    server: `https://${fixture.lab.host('cp1').address}:6443`,
    nodeName: 'cp1',
    network: { ...networkOf(cluster), addOn: 'calico' as const },
    bundle: fileURLToPath(new URL('.', import.meta.url)),
    manifest: 'manifests/calico-vxlan.yaml',
  };
  const doors = new Doors();
  const approved = (await planStep(installNetwork, await viewOf(host, doors), input)).map(nameOf);
  const run = { cluster: cluster.spec.name, runId: 'calico', generation: 1000, gateAttempt: 1 };
  const moment = { attempt: 1, who: 'test', signal: new AbortController().signal, show: () => {}, log: () => {} };

  // The bundle has no image of Calico, so nothing comes of it.
  const unverified = { ...installNetwork, verify: async () => {} };
  await runStep('installNetwork', unverified, { host, run, approved, input }, { doors, moment });

  const again = await planStep(installNetwork, await viewOf(host, doors), input);
  doors.close();
  expect(again).toEqual([]);
  const daemonSet = await fixture.kubectl('get', 'daemonset', 'calico-node', '-n', 'kube-system', '-o', 'json');
  const [{ env }] = JSON.parse(daemonSet).spec.template.spec.containers;
  expect(env).toEqual(
    expect.arrayContaining([
      { name: 'CALICO_IPV4POOL_CIDR', value: '10.233.0.0/16' },
      { name: 'CALICO_IPV4POOL_VXLAN', value: 'Always' },
      { name: 'IP_AUTODETECTION_METHOD', value: `cidr=${fixture.lab.host('cp1').workloadAddress}/32` },
    ]),
  );
  expect(await fixture.kubectl('get', 'ippools.crd.projectcalico.org')).toBe('');
});

describe('salt.enabled: false on a cluster that had it', () => {
  test('leaves no pod, no port and no minion that runs', async () => {
    await fixture.writeSpec((text) => text.replace('enabled: true', 'enabled: false'));

    const stopped = await fixture.temper('bootstrap', fixture.spec, '--yes');

    expect(stopped, stopped.stderr).toMatchObject({ code: 0 });
    expect(await fixture.lab.execOrThrow('cp1', "ss -Hltn 'sport = :4505 or sport = :4506'")).toBe('');
    // The kubelet takes its mirror of the pod away a moment after the container has ended.
    const pods = () => fixture.kubectl('get', 'pods', '-A', '-o', 'name');
    await expect.poll(pods, { timeout: 60_000, interval: 1000 }).not.toContain('salt');
    const state = await fixture.lab.exec('cp1', 'systemctl is-active salt-minion; systemctl is-enabled salt-minion');
    expect(state.stdout).toBe('inactive\ndisabled\n');
  });
});

/** `kubelet 10.77.0.11:10250` of a line of `ss -Hltnp`; a port that the kernel chose is `any`. */
function socketOf(line: string): string {
  const [, , , local] = line.split(/\s+/);
  const process = line.match(/users:\(\("([^"]+)"/)?.[1] ?? '';
  const [, address, port] = local!.match(/^(.*):(\d+)$/)!;
  const wildcard = ['*', '[::]', '0.0.0.0'].includes(address!);
  return `${process} ${wildcard ? '0.0.0.0' : address}:${process === 'containerd' ? 'any' : port}`;
}
