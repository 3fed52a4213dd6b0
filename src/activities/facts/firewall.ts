import type { FirewallFact, FirewallRules } from './facts.js';
import type { Ask } from './question.js';

export async function readFirewall(ask: Ask): Promise<FirewallFact> {
  const { stdout } = await ask(script);
  return parseFirewall(stdout);
}

/** At the same time, as each start of firewall-cmd costs a third of a second. */
const script = `
systemctl --quiet is-active firewalld || exit 0
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
firewall-cmd --get-default-zone >"$folder/1" & firewall-cmd --list-all-zones >"$folder/2" & firewall-cmd --permanent --list-all-zones >"$folder/3" & wait
cat "$folder/1"; echo --; cat "$folder/2"; echo --; cat "$folder/3"
`;

export function parseFirewall(output: string): FirewallFact {
  if (!output.trim()) return { runs: false, permanent: nothing, runtime: nothing };
  const [zone = '', runtime = '', permanent = ''] = output.split(/^--\n/m);
  return { runs: true, runtime: rulesOf(runtime, zone.trim()), permanent: rulesOf(permanent, zone.trim()) };
}

const nothing: FirewallRules = { richRules: [], trustedSources: [] };

/** Blocks of `--list-all-zones`: a line with the zone's name, then indented `key: values`. */
function rulesOf(zones: string, defaultZone: string): FirewallRules {
  const blocks = new Map(zones.split(/\n\n+/).map((block) => [block.trim().split(/\s/)[0]!, block] as const));
  const rules = /^ {2}rich rules: *\n((?:\t.*\n?)*)/m.exec(`${blocks.get(defaultZone) ?? ''}\n`)?.[1] ?? '';
  const sources = /^ {2}sources: *(.*)$/m.exec(blocks.get('trusted') ?? '')?.[1] ?? '';
  return {
    richRules: rules
      .split('\n')
      .map((rule) => rule.trim())
      .filter(Boolean),
    trustedSources: sources.split(/\s+/).filter(Boolean),
  };
}
