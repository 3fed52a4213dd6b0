import { join } from 'node:path';

import { cached } from '../bundle/cache.js';
import { runOrThrow } from './command.js';

/** The root folder that every host starts from: a plain Debian with nothing of Kubernetes in it. Made once, in half a minute when idle. */
export async function baseImage(say: (line: string) => void): Promise<string> {
  const folder = await cached(
    'lab-base',
    { values: { suite, packages, dpkgOptions, customize } },
    async (unfinished) => {
      say('making the base image of the hosts (half a minute on an idle machine)');
      await runOrThrow([
        'mmdebstrap',
        '--mode=root',
        '--format=directory',
        '--variant=minbase',
        `--include=${packages.join(',')}`,
        ...dpkgOptions.map((option) => `--dpkgopt=${option}`),
        `--customize-hook=${customize}`,
        suite,
        join(unfinished, 'root'),
      ]);
    },
  );
  return join(folder, 'root');
}

const suite = 'bookworm';

const packages = [
  'ca-certificates',
  'curl',
  'dbus',
  'firewalld',
  'gpgv',
  'iproute2',
  'kmod',
  // firewalld reads /etc/protocols of it.
  'netbase',
  'nftables',
  'openssh-server',
  'procps',
  'sudo',
  'systemd',
  'systemd-sysv',
];

const dpkgOptions = [
  'path-exclude=/usr/share/doc/*',
  'path-exclude=/usr/share/info/*',
  'path-exclude=/usr/share/locale/*',
  'path-exclude=/usr/share/man/*',
];

/** mmdebstrap runs this on the machine, with the new root as its first argument. */
const customize = `set -eu
root=$1
chroot "$root" useradd --create-home --shell /bin/bash --uid 1000 ops
echo 'ops ALL=(ALL) NOPASSWD: ALL' > "$root/etc/sudoers.d/ops"
chmod 0440 "$root/etc/sudoers.d/ops"
# Identity belongs to a host, not to the image.
rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/machine-id" "$root/var/lib/dbus/machine-id" "$root/etc/hostname"
# user@.service hangs for 90 seconds at shutdown on cgroup v1.
sed -i /pam_systemd/d "$root/etc/pam.d/common-session"
# wait-online would hold back the kubelet for two minutes: nothing of the network is networkd's here.
for unit in systemd-networkd-wait-online.service console-getty.service apt-daily.timer apt-daily-upgrade.timer \\
  dpkg-db-backup.timer e2scrub_all.timer fstrim.timer man-db.timer; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
echo LANG=C.UTF-8 > "$root/etc/default/locale"
mkdir -p "$root/etc/systemd/journald.conf.d"
printf '[Journal]\\nStorage=volatile\\nRuntimeMaxUse=32M\\n' > "$root/etc/systemd/journald.conf.d/lab.conf"
`;
