import { paths } from '../../cluster/paths.js';

/**
 * Installs and holds every argument (`name=version`).
 *
 * With our source, lists and cache alone, so that neither the host's own sources are asked nor its lists replaced. It waits for whoever else
 * installs. Services are not started: policy-rc.d says so, and a file of that name that is not ours comes back afterwards.
 */
export const aptInstall = `
set -eu
own=${paths.state}/apt policy=/usr/sbin/policy-rc.d mark='# Temper installs packages.'
mkdir -p "$own/lists/partial" "$own/cache/archives/partial" "$own/none"
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
apt() {
  apt-get -q -o Dir::Etc::sourcelist=${paths.aptSource} -o Dir::Etc::sourceparts=- -o Dir::Etc::preferencesparts="$own/none" \\
    -o Dir::State::lists="$own/lists" -o Dir::Cache="$own/cache" -o APT::Update::Error-Mode=any -o DPkg::Lock::Timeout=600 \\
    -o Acquire::https::CaInfo=${paths.temperPki}/ca.crt -o Acquire::https::Proxy=DIRECT \\
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 "$@"
}
allow() {
  if grep -qsxF "$mark" "$policy"; then rm -f "$policy"; fi
  if [ -e "$own/policy-rc.d" ]; then mv "$own/policy-rc.d" "$policy"; fi
}
trap allow EXIT
allow
if [ -e "$policy" ]; then mv "$policy" "$own/policy-rc.d"; fi
printf '%s\\n' '#!/bin/sh' "$mark" 'exit 101' >"$policy"
chmod 755 "$policy"
apt update
apt check || dpkg --configure -a
apt install --yes --no-install-recommends --allow-downgrades --allow-change-held-packages "$@"
for wanted in "$@"; do apt-mark hold "\${wanted%%=*}"; done
`;

/** Ends with 0 when every argument (`name=version`) is installed and held. */
export const aptDone = `
for wanted in "$@"; do
  [ "$(dpkg-query -W -f '\${Version} \${db:Status-Want} \${db:Status-Status}' "\${wanted%%=*}")" = "\${wanted#*=} hold installed" ] || exit 1
done
`;
