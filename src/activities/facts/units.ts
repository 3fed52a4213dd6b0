import { paths } from '../../cluster/paths.js';
import type { UnitFact } from './facts.js';
import { lines } from './question.js';
import type { Reader } from './question.js';

export const readUnits: Reader<string, UnitFact> = async (ask, names) => {
  const { stdout } = await ask(script, { stdin: lines(names) });
  const answers = stdout.split('\n\n');
  return names.map((_, index) => parseUnit(answers[index] ?? ''));
};

const script = `
while IFS= read -r name; do
  systemctl show -p LoadState -p ActiveState -p UnitFileState -p Job -- "$name"
  printf 'StartedWith=%s\\n\\n' "$(cat "${paths.state}/units/$name" 2>/dev/null)"
done
`;

export function parseUnit(answer: string): UnitFact {
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(answer)?.[1] ?? '';
  const active = value('ActiveState') || 'inactive';
  // While a host boots its units wait for their turn.
  const isQueued = active === 'inactive' && !['', '0'].includes(value('Job'));
  return {
    load: value('LoadState') || 'not-found',
    active: isQueued ? 'activating' : active,
    enabled: value('UnitFileState'),
    startedWith: value('StartedWith') || undefined,
  };
}
