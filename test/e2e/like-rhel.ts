import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { makeDebRepository } from '../../bundle/deb-repository.js';
import { debianClosure } from '../../bundle/from-source/debian.js';
import { run } from '../../bundle/run.js';
import type { Lab } from '../../lab/lab.js';

/**
 * From then on it has dnf, and says that it is like RHEL, so all of it but systemd and the libraries comes from the dnf repository. It is Debian's
 * dnf, from packages that the host gets by SSH: it has no way out.
 */
export async function becomeLikeRhel(lab: Lab, host: string): Promise<void> {
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
