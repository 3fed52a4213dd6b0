#!/bin/sh
# Brings a machine and this checkout to the point where Node.js can take over: Debian packages, npm packages, compiled sources.
# Each is left alone when it is there already, so a second run takes no time. Two runs at once wait for each other.
set -eu
cd "$(dirname "$0")/.."

cache=${TEMPER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/temper}
mkdir -p "$cache"
exec 9> "$cache/setup.lock"
flock --nonblock 9 || { echo 'setup: waiting for another run'; flock 9; }

missing=
for package in $(cat */debian-packages.txt | sed 's/#.*//' | sort -u); do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2> /dev/null) || status=
  [ "$status" = installed ] || missing="$missing $package"
done
if [ -n "$missing" ]; then
  echo "setup: installing Debian packages:$missing"
  apt-get -q -q update 9>&-
  # shellcheck disable=SC2086 # One word a package.
  DEBIAN_FRONTEND=noninteractive apt-get -q -q -y -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 --no-install-recommends \
    install $missing > "$cache/apt.log" 2>&1 9>&- || { cat "$cache/apt.log" >&2; exit 1; }
fi

lock=$(sha256sum package-lock.json | cut -d ' ' -f 1)
if [ "$(cat node_modules/.package-lock.sha256 2> /dev/null)" != "$lock" ]; then
  echo 'setup: installing npm packages'
  npm ci --no-audit --no-fund --loglevel=error 9>&-
  echo "$lock" > node_modules/.package-lock.sha256
fi

sources=$(find . \( -name node_modules -o -name dist -o -name test -o -name .git \) -prune -o \
  -type f \( -name '*.ts' -o -name package-lock.json -o -name tsconfig.json \) -print | LC_ALL=C sort | xargs sha256sum | sha256sum)
if [ "$(cat dist/.sources.sha256 2> /dev/null)" != "$sources" ]; then
  echo 'setup: compiling'
  npm run --silent build 9>&-
  echo "$sources" > dist/.sources.sha256
else
  echo 'setup: nothing to do: packages are installed, sources are compiled'
fi
