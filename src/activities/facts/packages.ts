import type { PackageFact } from './facts.js';
import { lines } from './question.js';
import type { Reader } from './question.js';

export const readPackages: Reader<string, PackageFact | undefined> = async (ask, names) => {
  const { stdout } = await ask(script, { stdin: lines(names) });
  const installed = parseDpkg(stdout);
  return names.map((name) => installed.get(name));
};

const script = `
command -v dpkg-query >/dev/null || exit 0
xargs -d '\\n' dpkg-query -W -f '\${Package} \${Version} \${db:Status-Want} \${db:Status-Status}\\n' -- 2>/dev/null
exit 0
`;

export function parseDpkg(output: string): Map<string, PackageFact> {
  const installed = new Map<string, PackageFact>();
  for (const line of output.split('\n')) {
    const [name, version, want, status] = line.split(' ');
    if (status === 'installed') installed.set(name!, { version: version!, held: want === 'hold' });
  }
  return installed;
}
