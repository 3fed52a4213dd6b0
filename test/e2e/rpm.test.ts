import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { makeDebRepository } from '../../bundle/deb-repository.js';
import { debianClosure } from '../../bundle/from-source/debian.js';
import { run } from '../../bundle/run.js';
import type { Lab } from '../../lab/lab.js';
import { startFixture } from './fixture.js';
import type { Ended, Fixture } from './fixture.js';

/** w1 has dnf, and says that it is like RHEL: so all of it but systemd and the libraries comes from the dnf repository. */
let fixture: Fixture;
let bootstrapped: Ended;

beforeAll(async () => {
  fixture = await startFixture('rpm', {
    hosts: [{ name: 'cp1' }, { name: 'w1' }],
    roles: { cp1: ['bootstrap', 'control-plane', 'worker'], w1: ['worker'] },
  });
  await becomeLikeRhel(fixture.lab, 'w1');
  bootstrapped = await fixture.temper('bootstrap', fixture.spec, '--yes');
});

afterAll(() => fixture?.end());

describe('a host like RHEL', () => {
  test('joins with the packages of the dnf repository alone', async () => {
    expect(bootstrapped, bootstrapped.stderr).toMatchObject({ code: 0 });

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

/** Debian's dnf, from packages that the host gets by SSH: it has no way out. */
async function becomeLikeRhel(lab: Lab, host: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'temper-dnf-'));
  try {
    await cp(await debianClosure(['dnf', 'rpm'], () => {}), join(folder, 'pool'), { recursive: true });
    await makeDebRepository(folder);
    await run([
      'bash',
      '-euo',
      'pipefail',
      '-c',
      'tar -C "$1" -c . | ssh "${@:2}" "mkdir /srv/dnf && tar -C /srv/dnf -x"',
      'send',
      folder,
      ...lab.sshArguments(host),
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
  await lab.execOrThrow(host, install, {
    input:
      'NAME="Rocky Linux"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.5"\nPRETTY_NAME="Rocky Linux 9.5"\n',
  });
}

const install = `set -e
chmod 755 /srv/dnf
echo 'deb [signed-by=/srv/dnf/key.asc] file:/srv/dnf temper main' >/srv/dnf.list
alone='-q -o Dir::Etc::sourcelist=/srv/dnf.list -o Dir::Etc::sourceparts=-'
apt-get $alone update
apt-get $alone install --yes --no-install-recommends dnf rpm >/dev/null
rm -r /srv/dnf /srv/dnf.list
rm /etc/os-release
cat >/etc/os-release
`;
