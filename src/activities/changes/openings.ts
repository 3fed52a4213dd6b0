import { contains, isAddress } from '../../cluster/addresses.js';
import { TemperError } from '../../cluster/errors.js';
import type { OpeningsChange } from './change.js';
import { oneByOne, sha256 } from './kind.js';
import type { Kind } from './kind.js';

export const openings: Kind<OpeningsChange> = {
  target: () => 'firewalld',
  describe: ({ richRules, trustedSources }) =>
    `Open the firewall: ${[...inShort(richRules), ...trustedSources.map((source) => `trust ${source}`)].join(', ')}`,
  content: ({ richRules, trustedSources }) => sha256(JSON.stringify([richRules, trustedSources])),
  async texts({ richRules, trustedSources }, facts) {
    const { permanent } = await facts.firewall();
    const before = [...permanent.richRules, ...permanent.trustedSources];
    return { before: asLines(before), after: asLines([...before, ...richRules, ...trustedSources]) };
  },
  apply: oneByOne(async (writer, { richRules, trustedSources }) => {
    const { stdout } = await writer.ask('printf %s "$SSH_CONNECTION"', { root: false });
    const client = stdout.split(' ')[0]!;
    // An IPv6 client lies in none of our networks.
    const holding = isAddress(client) ? trustedSources.find((source) => contains(source, client)) : undefined;
    if (holding) {
      throw new TemperError(
        'COMMAND_FAILED',
        `${writer.host}: ${holding} would become trusted, and it holds ${client}, where SSH comes from`,
      );
    }
    const stdin = asLines([...richRules, ...trustedSources]);
    await writer.write('opening the firewall', `${rollbackScript}${addScript('')}`, { stdin });
    await writer.knock();
    await writer.write('opening the firewall for good', `${keepScript}${addScript('--permanent')}${cancelScript}`, {
      stdin,
    });
  }),
};

/** `8443/tcp from 4 addresses`: every rule stands in the diff. */
function inShort(richRules: string[]): string[] {
  const sources = new Map<string, Set<string>>();
  for (const rule of richRules) {
    const [, port, protocol] = /port="(\d+)" protocol="(\w+)"/.exec(rule) ?? [];
    const what = port ? `${port}/${protocol}` : 'vrrp';
    const from = /source address="([^"]+)"/.exec(rule)?.[1] ?? 'anywhere';
    sources.set(what, (sources.get(what) ?? new Set()).add(from));
  }
  return [...sources].map(([what, from]) => `${what} from ${from.size > 1 ? `${from.size} addresses` : [...from][0]}`);
}

function asLines(rules: string[]): string {
  return rules.map((rule) => `${rule}\n`).join('');
}

/** A reload drops what is not permanent yet: so a rule that locks us out goes away by itself. */
const rollbackScript = `
systemctl stop temper-openings.timer 2>/dev/null || :
systemd-run --quiet --collect --unit=temper-openings --on-active=60 --timer-property=AccuracySec=1s firewall-cmd --quiet --reload
`;

const keepScript = `
systemctl --quiet is-active temper-openings.timer || { echo 'the openings were taken back after a minute' >&2; exit 1; }
`;

const cancelScript = `
systemctl stop temper-openings.timer
`;

/** All rules by one call: each start of firewall-cmd costs a third of a second. */
function addScript(where: '' | '--permanent'): string {
  return `
sed -n 's/^rule /--add-rich-rule=&/p' "$in" | xargs -r -d '\\n' firewall-cmd --quiet ${where}
sed -n '/^rule /!s/^/--add-source=/p' "$in" | xargs -r -d '\\n' firewall-cmd --quiet ${where} --zone=trusted
`;
}
