import { contains } from '../../cluster/addresses.js';
import { TemperError } from '../../cluster/errors.js';
import type { OpeningsChange } from './change.js';
import { oneByOne, sha256 } from './kind.js';
import type { Kind } from './kind.js';

export const openings: Kind<OpeningsChange> = {
  target: () => 'firewalld',
  describe: ({ richRules, trustedSources }) =>
    `Open the firewall: ${[...richRules, ...trustedSources.map((source) => `trust ${source}`)].join('; ')}`,
  content: ({ richRules, trustedSources }) => sha256(JSON.stringify([richRules, trustedSources])),
  apply: oneByOne(async (writer, { richRules, trustedSources }) => {
    const { stdout } = await writer.ask('printf %s "$SSH_CONNECTION"', { root: false });
    const client = stdout.split(' ')[0]!;
    const holding = trustedSources.find((source) => contains(source, client));
    if (holding) {
      throw new TemperError(
        'COMMAND_FAILED',
        `${writer.host}: ${holding} would become trusted, and it holds ${client}, where SSH comes from`,
      );
    }
    const args = [String(richRules.length), ...richRules, ...trustedSources];
    await writer.write('opening the firewall', `${rollbackScript}${addScript('')}`, { args });
    await writer.knock();
    await writer.write('opening the firewall for good', `${keepScript}${addScript('--permanent')}${cancelScript}`, {
      args,
    });
  }),
};

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

function addScript(where: '' | '--permanent'): string {
  return `
rules=$1
shift
for each in "$@"; do
  if [ "$rules" -gt 0 ]; then
    rules=$((rules - 1))
    firewall-cmd --quiet ${where} --add-rich-rule="$each"
  else
    firewall-cmd --quiet ${where} --zone=trusted --add-source="$each"
  fi
done
`;
}
