import { TemperError } from '../../cluster/errors.js';
import type { FirewallFact } from './facts.js';
import type { Ask } from './question.js';

export async function readFirewall(ask: Ask): Promise<FirewallFact> {
  const { code, stdout, stderr } = await ask(script);
  // Half an answer would look like a host without openings.
  if (code !== 0) throw new TemperError('COMMAND_FAILED', `firewalld runs but does not answer: ${stderr.trim()}`);
  return parseFirewall(stdout);
}

/** Over D-Bus: of firewall-cmd each start costs a third of a second. Runtime first, then permanent: rules of the default zone, trusted sources. */
const script = `
systemctl --quiet is-active firewalld || exit 0
set -e
firewalld=org.fedoraproject.FirewallD1
at=/org/fedoraproject/FirewallD1
call() { busctl --json=short call $firewalld "$@"; }
named() { call "$@" | sed 's/.*"data":\\["\\(.*\\)"\\]}/\\1/'; }
zone=$(named $at $firewalld getDefaultZone)
call $at $firewalld.zone getRichRules s "$zone"
call $at $firewalld.zone getSources s trusted
call "$(named $at/config $firewalld.config getZoneByName s "$zone")" $firewalld.config.zone getRichRules
call "$(named $at/config $firewalld.config getZoneByName s trusted)" $firewalld.config.zone getSources
`;

export function parseFirewall(output: string): FirewallFact {
  const [runtimeRules, runtimeSources, permanentRules, permanentSources] = output.trim().split('\n').map(parseReply);
  return {
    runs: runtimeRules !== undefined,
    runtime: { richRules: runtimeRules ?? [], trustedSources: runtimeSources ?? [] },
    permanent: { richRules: permanentRules ?? [], trustedSources: permanentSources ?? [] },
  };
}

/** `{"type":"as","data":[["…"]]}` */
function parseReply(line: string): string[] | undefined {
  return line ? (JSON.parse(line) as { data: [string[]] }).data[0] : undefined;
}
