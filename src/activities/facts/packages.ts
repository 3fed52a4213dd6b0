import type { PackageFact } from './facts.js';
import { lines } from './question.js';
import type { Reader } from './question.js';

export const readPackages: Reader<string, PackageFact | undefined> = async (ask, names) => {
  const { stdout } = await ask(script, { stdin: lines(names) });
  const installed = parsePackages(stdout);
  return names.map((name) => installed.get(name));
};

/** Prints what dnf leaves alone, one name a line. The option has two names. */
export const dnfExcluded = `sed -n 's/^exclude\\(pkgs\\)\\{0,1\\} *= *//p' /etc/dnf/dnf.conf 2>/dev/null | tr -s ', ' '\\n\\n'`;

/** Format of rpm's query: `[epoch:]version-release`, as a bundle names it. */
export const rpmVersion = '%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}';

/** dpkg's words stand for rpm's packages too; a host may have both programs, but one of them alone knows a package. */
const script = `
names=$(cat)
if command -v dpkg-query >/dev/null; then
  printf '%s\\n' "$names" |
    xargs -d '\\n' dpkg-query -W -f '\${Package} \${Version} \${db:Status-Want} \${db:Status-Status}\\n' -- 2>/dev/null
fi
if command -v dnf >/dev/null; then
  excluded=" $(${dnfExcluded} | tr '\\n' ' ') "
  printf '%s\\n' "$names" | xargs -d '\\n' rpm --query --queryformat '%{NAME} ${rpmVersion}\\n' -- 2>/dev/null |
    awk -v excluded="$excluded" 'NF == 2 { print $0, index(excluded, " " $1 " ") ? "hold" : "install", "installed" }'
fi
exit 0
`;

/** Lines of `name version hold|install installed`. */
export function parsePackages(output: string): Map<string, PackageFact> {
  const installed = new Map<string, PackageFact>();
  for (const line of output.split('\n')) {
    const [name, version, want, status] = line.split(' ');
    if (status === 'installed') installed.set(name!, { version: version!, held: want === 'hold' });
  }
  return installed;
}
