import { createHash } from 'node:crypto';
import { TemperError } from '../cluster/errors.js';
import { paths } from '../cluster/paths.js';
import { commandFailed } from './fenced.js';
import type { FencedDoor } from './fenced.js';

/** A command that may take more than a few seconds. It runs under systemd on the host, so it outlives connection and worker. */
export interface LongCommand {
  /** Of its kind in the step there is never more than one running: letters, digits, dashes. */
  id: string;
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
 * Runs it, or attaches to the one that runs, whoever started it. A finished result counts only for the same command of the same run and gate
 * attempt, and once; an older one is put into the archive, and the command starts anew if `done` says that it has to. Throws COMMAND_FAILED with
 * its output.
 */
export async function runLongCommand(fenced: FencedDoor, command: LongCommand, watch: Watch = {}): Promise<void> {
  const { door, token } = fenced;
  const args = command.args ?? [];
  const id = `${token.step}-${command.id}`;
  const digest = createHash('sha256')
    .update(JSON.stringify([token.cluster, command.script, ...args]))
    .digest('hex');
  const { signal } = watch;
  for (;;) {
    const begun = await fenced.write(command.title, beginScript, {
      args: [id, digest, command.title, ...args],
      stdin: `${command.done}\n${separator}\n${command.script}\n`,
      signal,
    });
    const [state, whose] = begun.trim().split(' ');
    if (state === 'done') return;
    if (state === 'running') await follow(fenced, id, watch);
    const [code = '', ...output] = (await fenced.write(command.title, endScript, { args: [id], signal })).split('\n');
    // Another command's result says nothing about what we want: look at the host again.
    if (whose !== 'own') continue;
    if (code === '0') return;
    const stdout = output.join('\n');
    if (code !== '') throw commandFailed(door.target.name, command.title, { code: Number(code), stdout, stderr: '' });
    throw new TemperError('COMMAND_FAILED', `${door.target.name}: ${command.title} was interrupted`, {
      evidence: stdout,
    });
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

const separator = '# The command itself:';

/**
 * Says `done`, `running own|other`, or `finished own`. systemd forgets the unit when it has ended; what stays is the folder: `record` (run, gate
 * attempt, digest, boot), `command`, `output`, and `status` once it has ended. A folder without `status` whose unit is gone was interrupted.
 */
const beginScript = `
id=$1 digest=$2 title=$3
shift 3
unit=temper-$id.service
folder=$state/steps/$id
mine="$run $gate $digest"
theirs=$(cat "$folder/record" 2>/dev/null || :)
[ "\${theirs% *}" = "$mine" ] && whose=own || whose=other
case $(systemctl show -P ActiveState "$unit") in
  active | activating | deactivating | reloading) echo "running $whose"; exit ;;
esac
if [ -e "$folder/status" ] && [ "$whose" = own ]; then echo 'finished own'; exit; fi
if [ -e "$folder" ]; then
  mkdir -p "$state/archive"
  mv "$folder" "$state/archive/$id.$(date +%s.%N)"
fi
rm -rf "$state/new"
mkdir -m 700 "$state/new"
sed '/^${separator}$/,$d' <"$in" >"$state/new/done"
sed '1,/^${separator}$/d' <"$in" >"$state/new/command"
if sh "$state/new/done" "$@" </dev/null >/dev/null 2>&1; then echo done; exit; fi
echo "$mine $(cat /proc/sys/kernel/random/boot_id)" >"$state/new/record"
: >"$state/new/output"
sync "$state"/new/*
mkdir -p "$state/steps"
mv "$state/new" "$folder"
sync "$state/steps"
systemctl reset-failed "$unit" 2>/dev/null || :
systemd-run --quiet --collect --unit="$unit" --description="Temper: $title" --setenv=PATH="$PATH" --setenv=LC_ALL=C \\
  sh -c 'cd "$1" || exit; shift
    sh command "$@" </dev/null >output 2>&1
    echo $? >status.new; sync status.new output; mv status.new status' sh "$folder" "$@" >&2
echo 'running own'
`;

/** First line: the exit code, or nothing when it was interrupted; then the end of the output. Of old ones the last twenty are kept. */
const endScript = `
id=$1
folder=$state/steps/$id
[ -e "$folder" ] || { echo; exit; }
cat "$folder/status" 2>/dev/null || echo
tail -c 16384 "$folder/output"
mkdir -p "$state/archive"
mv "$folder" "$state/archive/$id.$(date +%s.%N)"
ls -1t "$state/archive" | tail -n +21 | while read -r old; do rm -rf "$state/archive/$old"; done
`;

const followScript = `
cd "${paths.state}/steps/$1" || exit 0
tail -q -f -c +1 output &
tail=$!
trap 'kill $tail 2>/dev/null' EXIT
until [ -e status ] || [ "$(systemctl show -P ActiveState "temper-$1.service")" = inactive ]; do sleep 0.2; done
sleep 0.1
`;
