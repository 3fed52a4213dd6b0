import { paths } from '../../cluster/paths.js';
import { dnfExcluded, rpmVersion } from '../facts/packages.js';

/**
 * Installs and holds every argument (`name=version`).
 *
 * With our configuration alone, so that the host's own repositories are neither asked nor believed. dnf waits for whoever else installs, and
 * packages for RHEL start no service. The key becomes one of rpm's own, which harms nobody: its private part was thrown away with the bundle
 * made. Held by dnf's own excludepkgs, because versionlock is a plugin that a host may lack; our configuration does not read it.
 */
export const dnfInstall = `
set -eu
export LC_ALL=C
names= specs=
for wanted in "$@"; do
  names="$names \${wanted%%=*}"
  specs="$specs \${wanted%%=*}-\${wanted#*=}"
done
dnf --config=${paths.dnfConfig} install $specs
missing=
for name in $names; do
  if ! ${dnfExcluded} | grep -qxF "$name"; then missing="$missing $name"; fi
done
if [ -z "$missing" ]; then exit 0; fi
own=/etc/dnf/dnf.conf
if ! grep -qs '^\\[main\\]' "$own"; then printf '[main]\\n' >>"$own"; fi
if ! grep -q '^excludepkgs *=' "$own"; then sed -i '/^\\[main\\]/a excludepkgs=' "$own"; fi
sed -i "s/^excludepkgs *=.*/&$missing/" "$own"
`;

/** Ends with 0 when every argument (`name=version`) is installed and held. */
export const dnfDone = `
for wanted in "$@"; do
  [ "$(rpm --query --queryformat '${rpmVersion}' "\${wanted%%=*}")" = "\${wanted#*=}" ] || exit 1
  ${dnfExcluded} | grep -qxF "\${wanted%%=*}" || exit 1
done
`;
