import { createHash } from 'node:crypto';
import { TemperError } from '../cluster/errors.js';
import { commandFailed } from './fenced.js';
import type { FencedDoor } from './fenced.js';

/** A command that may take more than a few seconds. It runs under systemd on the host, so it outlives connection and worker. */
export interface LongCommand {
  /** What it does, for people. */
  title: string;
  script: string;
  args?: readonly string[];
  /** Script that exits 0 when there is nothing left to do; asked under the lock, before a start. Gets the same `args`. */
  done: string;
}

/** For what happens while it runs: its last line, again and again. */
export interface Watch {
  onLine?: (line: string) => void;
  signal?: AbortSignal;
}

/**
 * Runs it, or attaches to it while it runs, whoever started it. A finished result counts only for the run and gate attempt that started it, and
 * once: an older one is put into the archive, and the command starts anew if `done` says that it has to. Throws COMMAND_FAILED with its output.
 */
export async function runLongCommand(fenced: FencedDoor, command: LongCommand, watch: Watch = {}): Promise<void> {
  const { door, token } = fenced;
  const args = command.args ?? [];
  const id = `${token.step}-${digest([token.cluster, token.step, command.script, ...args])}`;
  for (;;) {
    const begun = await fenced.write(command.title, beginScript, {
      args: [id, command.title, ...args],
      stdin: `${command.done}\n${separator}\n${command.script}\n`,
      signal: watch.signal,
    });
    const [state, mine] = begun.trim().split(' ');
    if (state === 'done') return;
    if (state === 'running') await follow(fenced, id, watch);
    const [code = '', ...output] = (await fenced.write(command.title, endScript, { args: [id] })).split('\n');
    // Somebody else's result says nothing about what we want: look at the host again.
    if (mine !== 'own') continue;
    if (code === '0') return;
    const stdout = output.join('\n');
    if (code === '') {
      throw new TemperError('COMMAND_FAILED', `${door.target.name}: ${command.title} was interrupted`, {
        evidence: stdout,
      });
    }
    throw commandFailed(door.target.name, command.title, { code: Number(code), stdout, stderr: '' });
  }
}

/** Its output until it has ended. */
async function follow({ door }: FencedDoor, id: string, { onLine, signal }: Watch): Promise<void> {
  let rest = '';
  const onOutput = (text: string) => {
    const lines = (rest + text).split(/[\r\n]+/);
    rest = lines.pop()!;
    const last = lines.findLast((line) => line.trim());
    if (last) onLine?.(last.trim().slice(0, 200));
  };
  await door.run(followScript, { args: [id], onOutput, signal });
}

function digest(words: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 12);
}

const separator = '# The command itself:';

/** Says `done`, `running own|other`, or `finished own`. The unit is gone when it has ended; what stays is the folder with its status. */
const beginScript = `
id=$1 title=$2
shift 2
unit=temper-$id.service
folder=$state/steps/$id
boot=$(cat /proc/sys/kernel/random/boot_id)
mine="$run $gate $boot"
theirs=$(cat "$folder/record" 2>/dev/null || :)
[ "$theirs" = "$mine" ] && whose=own || whose=other
case $(systemctl show -P ActiveState "$unit") in active | activating | deactivating | reloading) echo "running $whose"; exit ;; esac
if [ -e "$folder/status" ] && [ "\${theirs% *}" = "$run $gate" ]; then echo 'finished own'; exit; fi
if [ -e "$folder" ]; then
  mkdir -p "$state/archive"
  mv "$folder" "$state/archive/$id.$(date +%s)"
fi
work=$(mktemp -d "$state/new.XXXXXX")
sed '/^${separator}$/,$d' >"$work/done" <"$in"
sed '1,/^${separator}$/d' >"$work/command" <"$in"
if sh "$work/done" "$@" </dev/null >/dev/null 2>&1; then rm -r "$work"; echo done; exit; fi
printf '%s\\n' "$mine" >"$work/record"
: >"$work/output"
sync "$work"/*
mkdir -p "$state/steps"
mv "$work" "$folder"
sync "$state/steps"
systemctl reset-failed "$unit" 2>/dev/null || :
systemd-run --quiet --collect --unit="$unit" --description="Temper: $title" --setenv=PATH="$PATH" --setenv=LC_ALL=C \\
  sh -c 'cd "$1" || exit; shift; sh command "$@" </dev/null >output 2>&1; echo $? >status.new; sync status.new output; mv status.new status' \\
  sh "$folder" "$@" >&2
echo 'running own'
`;

/** First line: the exit code, or nothing when it was interrupted; then the end of the output. */
const endScript = `
id=$1
folder=$state/steps/$id
if [ -e "$folder" ]; then
  cat "$folder/status" 2>/dev/null || echo
  tail -c 16384 "$folder/output"
  mkdir -p "$state/archive"
  mv "$folder" "$state/archive/$id.$(date +%s)"
  ls -1t "$state/archive" | tail -n +21 | while read -r old; do rm -rf "$state/archive/$old"; done
else
  echo
fi
`;

const followScript = `
cd "/var/lib/temper/steps/$1" || exit 0
tail -f -c +1 output &
tail=$!
trap 'kill $tail 2>/dev/null' EXIT
until [ -e status ] || [ "$(systemctl show -P ActiveState "temper-$1.service")" = inactive ]; do sleep 0.2; done
sleep 0.1
`;
