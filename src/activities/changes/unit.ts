import { TemperError } from '../../cluster/errors.js';
import type { UnitChange } from './change.js';
import { oneByOne } from './kind.js';
import type { Kind } from './kind.js';

export const unit: Kind<UnitChange> = {
  target: ({ name }) => name,
  describe: ({ name }) => `Enable ${name} and start it with its present configuration`,
  content: ({ inputsDigest }) => inputsDigest,
  apply: oneByOne(async (writer, { name, inputsDigest }) => {
    await writer.write(`starting ${name}`, startScript, { args: [name, inputsDigest] });
    try {
      await writer.until(`${name} to run`, 120, async () => {
        const { stdout } = await writer.ask(stateScript, { args: [name] });
        return stdout.trim() === 'active' ? undefined : stdout.trim();
      });
    } catch (error) {
      if (!(error instanceof TemperError) || error.code !== 'NOT_READY') throw error;
      const { stdout } = await writer.ask(evidenceScript, { args: [name] });
      throw new TemperError('NOT_READY', error.message, {
        evidence: stdout,
        hint: `journalctl -u ${name}`,
        cause: error,
      });
    }
  }),
};

/**
 * The job is only queued: a unit may be ordered after something that takes minutes, and the lock is not held for that. So the digest may be
 * written down before the start, as whatever starts the unit from here on starts it with these inputs.
 */
const startScript = `
name=$1 digest=$2
systemctl daemon-reload
systemctl --quiet enable "$name"
recorded=$(cat "$state/units/$name" 2>/dev/null || :)
if systemctl --quiet is-active "$name" && [ "$recorded" = "$digest" ]; then exit 0; fi
systemctl reset-failed "$name" 2>/dev/null || :
systemctl --no-block restart "$name"
mkdir -p "$state/units"
put "$digest" "$state/units/$name"
`;

const stateScript = `
job=$(systemctl show -P Job "$1")
if [ "\${job:-0}" != 0 ]; then echo 'waiting to be started'; else systemctl is-active "$1" || :; fi
`;

const evidenceScript = `systemctl status --no-pager --lines=0 "$1"; journalctl --no-pager -o short-iso -n 60 -u "$1"`;
