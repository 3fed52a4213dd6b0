import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { balancerAddress } from '../../lab/load-balancer.js';
import { balancer, foreign } from '../../lab/network.js';
import { joinSecrets } from '../../src/cluster/kubeadm/documents.js';
import { startFixture } from './fixture.js';
import type { Ended, Fixture } from './fixture.js';
import { becomeLikeRhel } from './like-rhel.js';

/** A name that somebody else manages, of a load balancer whose address alone may reach the API from outside. */
const endpoint = 'api.example.internal';

let fixture: Fixture;
let bootstrapped: Ended;

beforeAll(async () => {
  fixture = await startFixture('join', {
    hosts: [{ name: 'cp1' }, { name: 'cp2' }, { name: 'w1' }],
    roles: { cp1: ['bootstrap', 'control-plane'], cp2: ['control-plane'], w1: ['worker'] },
    spec: { apiServer: { endpoint }, firewall: { apiServerFrom: [`${balancerAddress}/32`] } },
  });
  for (const { name } of fixture.lab.hosts)
    await fixture.lab.execOrThrow(name, 'cat >> /etc/hosts', { input: `${balancerAddress} ${endpoint}\n` });
  await fixture.lab.startLoadBalancer(6443, ['cp1', 'cp2']);
  await becomeLikeRhel(fixture.lab, 'w1');
  bootstrapped = await fixture.temper('bootstrap', fixture.spec, '--yes');
});

afterAll(() => fixture?.end());

test('three hosts become a cluster', async () => {
  expect(bootstrapped, bootstrapped.stderr).toMatchObject({ code: 0 });
});

test('the name of the endpoint stands wherever kubeadm writes it', async () => {
  const url = `https://${endpoint}:6443`;
  for (const [host, file] of [
    ['cp1', '/etc/kubernetes/admin.conf'],
    ['w1', '/etc/kubernetes/kubelet.conf'],
  ] as const)
    expect(await fixture.lab.execOrThrow(host, ['cat', file]), file).toContain(`server: ${url}\n`);
  const clusterInfo = await fixture.kubectl('get', 'configmap', 'cluster-info', '-n', 'kube-public', '-o', 'yaml');
  expect(clusterInfo).toContain(`server: ${url}\n`);
  const names = await fixture.lab.execOrThrow(
    'cp2',
    'openssl x509 -in /etc/kubernetes/pki/apiserver.crt -noout -ext subjectAltName',
  );
  expect(names).toContain(`DNS:${endpoint}`);
  expect((await fixture.lab.exec('cp1', 'test -e /etc/kubernetes/manifests/temper-keepalived.yaml')).code).toBe(1);
});

test.each([
  [balancer, 'open'],
  ['w1', 'open'],
  [foreign, 'filtered'],
])('the API lets in firewall.apiServerFrom and the nodes alone: %s', async (from, expected) => {
  for (const name of ['cp1', 'cp2']) {
    expect(await fixture.lab.dial(from, fixture.lab.host(name).address, 6443), name).toBe(expected);
    expect(await fixture.lab.dial(from, fixture.lab.host(name).workloadAddress!, 6443), name).not.toBe('open');
  }
});

test.each(['cp1', 'w1'])('without salt nothing of it is on %s', async (host) => {
  const found = await fixture.lab.execOrThrow(
    host,
    `dpkg-query -W 'salt*' 2>/dev/null; rpm -qa 'salt*' 2>/dev/null; ctr -n k8s.io images ls -q | grep salt; ss -Hltn 'sport = :4505 or sport = :4506'
    ls -d /etc/salt /etc/temper/salt /opt/salt 2>/dev/null; firewall-cmd --list-rich-rules | grep 450; true`,
  );

  expect(found).toBe('');
});

describe('w1, a host like RHEL', () => {
  test('joins with the packages of the dnf repository alone', async () => {
    expect(await fixture.kubectl('get', 'node', 'w1', '--no-headers')).toMatch(/^w1 +Ready /);
    expect(await onW1('rpm -q kubelet containerd runc')).toMatch(
      /^kubelet-1\.\d+\.\d+-.*\ncontainerd-2\..*\nrunc-1\..*\n$/,
    );
    expect(await onW1("dpkg-query -W -f '${db:Status-Status} ' kubelet containerd runc 2>&1 || true")).not.toContain(
      'installed',
    );
  });

  test('has its packages held against upgrades, and is left alone by another run', async () => {
    const again = await fixture.temper('bootstrap', fixture.spec, '--yes');

    expect(await onW1('cat /etc/dnf/dnf.conf')).toMatch(/^excludepkgs=.*\bkubelet\b/m);
    expect(again.stdout).toMatch(/nothing was left to do/);
    const url = `https://${fixture.lab.host('cp1').address}:8443/packages/rpm`;
    const own = `dnf -q --repofrompath=other,${url} --setopt=other.sslcacert=/etc/temper/pki/ca.crt repoquery kubelet`;
    expect(await onW1(own)).toBe('');
    expect(await onW1(`${own} --disableexcludes=main`)).toMatch(/^kubelet-/);
  });

  test('installs nothing that comes over another way than HTTPS with our CA', async () => {
    expect(await inW1(`${dnf()} makecache`)).toMatchObject({ code: 0 });
    const all = 'kubelet salt-minion';
    expect(await inW1(`${dnf()} --installroot=/root/elsewhere install --downloadonly ${all}`)).toMatchObject({
      code: 0,
    });
    expect(await onW1(`${dnf()} -q repoquery --provides salt-minion`)).toMatch(/^salt-minion = 3008\./m);

    const { code, stderr } = await inW1(`${dnf('/etc/kubernetes/pki/ca.crt')} makecache`);

    expect(code).not.toBe(0);
    expect(stderr).toMatch(/SSL|certificate/);
  });

  test.each([
    ['list of lists', 'repodata/repomd.xml', /GPG verification is enabled|Bad (PGP|GPG) signature/],
    ['list of packages', 'repodata/primary.xml.gz', /primary\.xml\.gz/],
    ['package', 'pool/kubelet-*.rpm', /kubelet-.*: Cannot download/],
  ])('refuses a changed %s', async (_, file, refusal) => {
    const refused = await tampered(`printf x | dd of=$(ls ${file}) bs=1 seek=1000 conv=notrunc`);

    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(refusal);
  });

  test.each([
    ['a list without a signature', 'rm repodata/repomd.xml.asc', /repomd\.xml/],
    ['a list with the signature of another', 'cp key.asc repodata/repomd.xml.asc', /repomd\.xml|GPG/],
  ])('refuses %s', async (_, script, refusal) => {
    const refused = await tampered(script);

    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(refusal);
  });
});

describe.each(['w1', 'cp2'])('the real kubeadm on %s', (host) => {
  let filesOfTemper: Record<string, string>;

  test('resets what Temper has made', async () => {
    filesOfTemper = await filesOf(host);

    await fixture.lab.execOrThrow(host, 'kubeadm reset --force');
    await fixture.kubectl('delete', 'node', host);

    expect(Object.keys(await filesOf(host)).filter((line) => line.startsWith('f '))).toEqual([]);
    await reboot(host);
  });

  test('joins the cluster, with the same files as Temper', async () => {
    await fixture.lab.execOrThrow(host, 'cat > /root/join.yaml', { input: await joinConfiguration(host) });

    const join = 'kubeadm join --config /root/join.yaml --ignore-preflight-errors=SystemVerification';
    const joined = await fixture.lab.exec(host, join);

    expect(joined, joined.stderr).toMatchObject({ code: 0 });
    // kubeadm ends when the kubelet has its certificate; the Node may come a moment later.
    await fixture.kubectl('wait', '--for=create', `node/${host}`, '--timeout=60s');
    await fixture.kubectl('wait', '--for=condition=Ready', `node/${host}`, '--timeout=300s');
    expect(await filesOf(host)).toEqual(filesOfTemper);
  });
});

test('Temper finds nothing left to do on hosts that kubeadm joined', async () => {
  const plan = await fixture.temper('plan', fixture.spec, '--json');

  const { hosts } = JSON.parse(plan.stdout) as { hosts: { host: string; changes: unknown[] }[] };
  expect(hosts.map(({ host, changes }) => [host, changes])).toEqual(['cp1', 'cp2', 'w1'].map((host) => [host, []]));
});

test.each(['cp1', 'cp2'])('kubeadm renews every certificate of %s', async (host) => {
  const renewed = await fixture.lab.execOrThrow(host, 'kubeadm certs renew all');
  const listed = await fixture.lab.execOrThrow(host, 'kubeadm certs check-expiration');

  expect(renewed.match(/ renewed$/gm)).toHaveLength(host === 'cp1' ? 11 : 10);
  expect(listed.match(/ 364d /g)).toHaveLength(host === 'cp1' ? 11 : 10);
  expect(await fixture.kubectlOn(host, 'get', 'node', host, '-o', 'name')).toContain(host);
});

test('Temper takes a control plane in again that kubeadm has reset', async () => {
  await fixture.lab.execOrThrow('cp2', 'kubeadm reset --force');
  await fixture.kubectl('delete', 'node', 'cp2');
  await reboot('cp2');

  const again = await fixture.temper('bootstrap', fixture.spec, '--yes');

  expect(again, again.stdout + again.stderr).toMatchObject({ code: 0 });
  expect(await fixture.kubectl('get', 'nodes', '--no-headers')).toMatch(/^cp2 +Ready +control-plane/m);
});

/** What dnf on w1 says while the repository is as `script` makes it. */
async function tampered(script: string) {
  const repository = '/var/lib/temper/bundle/packages/rpm';
  await fixture.lab.execOrThrow('cp1', `cp -a ${repository} /root/whole && cd ${repository} && ${script}`);
  try {
    return await inW1(
      `rm -rf /root/elsewhere /root/cache && ${dnf()} --installroot=/root/elsewhere install --downloadonly kubelet`,
    );
  } finally {
    await fixture.lab.execOrThrow('cp1', `cp -a /root/whole/. ${repository}/ && rm -rf /root/whole`);
  }
}

/** With the very configuration that Temper wrote, in a cache of its own. */
function dnf(ca = '/etc/temper/pki/ca.crt'): string {
  return `dnf --config=/etc/temper/dnf/dnf.conf --setopt=temper.sslcacert=${ca} --setopt=cachedir=/root/cache --refresh`;
}

function inW1(script: string) {
  return fixture.lab.exec('w1', script);
}

function onW1(script: string): Promise<string> {
  return fixture.lab.execOrThrow('w1', script);
}

/** kubeadm leaves the rules of kube-proxy and the network add-on's interfaces in the kernel. */
async function reboot(host: string): Promise<void> {
  await fixture.lab.powerCut(host);
  await fixture.lab.powerOn(host);
}

/** What Temper prints for kubeadm, with the secrets that kubeadm prints. */
async function joinConfiguration(host: string): Promise<string> {
  const command = await fixture.lab.execOrThrow('cp1', 'kubeadm token create --print-join-command');
  const [, token, caCertHash] = /--token (\S+) --discovery-token-ca-cert-hash (\S+)/.exec(command)!;
  const uploaded = await fixture.lab.execOrThrow('cp1', 'kubeadm init phase upload-certs --upload-certs');
  const { stdout } = await fixture.temper('check', fixture.spec, '--kubeadm-config', host);
  return stdout
    .replace(joinSecrets.token, token!)
    .replace(joinSecrets.caCertHash, caCertHash!)
    .replace(joinSecrets.certificateKey, uploaded.trim().split('\n').at(-1)!);
}

/** By type, mode, owner and path: what kubeadm and the kubelet keep, without keys, certificates and the order of etcd's members. */
async function filesOf(host: string): Promise<Record<string, string>> {
  const script = `
    cd /
    find etc/kubernetes var/lib/kubelet/*.* var/lib/kubelet/pki -printf '%y %m %u:%g %p\\n' | sort | while IFS= read -r line; do
      echo "FILE $line"
      case $line in *.yaml | *.env | *.conf) cat "/\${line##* }" ;; esac
    done`;
  const listed = await fixture.lab.execOrThrow(host, script);
  const files = listed.split(/^FILE /m).slice(1);
  return Object.fromEntries(
    files.map((file) => {
      const [name = '', ...lines] = file.split('\n');
      return [name.replace(/kubelet-client-\d.*\.pem/, 'kubelet-client-DATE.pem'), masked(lines.join('\n'))];
    }),
  );
}

function masked(text: string): string {
  return text
    .replace(/(-data: ).*/g, '$1<masked>')
    .replace(
      /--initial-cluster=(.*)/,
      (_, members: string) => `--initial-cluster=${members.split(',').sort().join(',')}`,
    );
}
