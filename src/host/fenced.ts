import { TemperError } from '../cluster/errors.js';
import { paths } from '../cluster/paths.js';
import type { CommandResult, Door, RunOptions } from './door.js';

/** Who writes. Compared on the host before every effect. */
export interface FenceToken {
  cluster: string;
  runId: string;
  generation: number;
  step: string;
  gateAttempt: number;
  /** Grows with every start of the activity, whoever started it: the moment, in milliseconds, at which the server scheduled this attempt. */
  attempt: number;
  /** For HOST_BUSY: whom to ask. */
  who: string;
}

/** All that is needed of a door here. */
export type Runs = Pick<Door, 'target' | 'run'>;

/** A door whose commands may write: each runs under the host's lock, and only while nobody newer has taken the host over. */
export class FencedDoor {
  readonly door: Runs;
  readonly token: FenceToken;

  constructor(door: Runs, token: FenceToken) {
    this.door = door;
    this.token = token;
  }

  /**
   * Checks the token and runs `script` as one remote command; its standard input is `stdin`, received in full before the lock is taken, so that a
   * connection that dies cannot hold the lock. Returns standard output. Throws HOST_FENCED, HOST_BUSY, or COMMAND_FAILED naming `what`.
   */
  async write(
    what: string,
    script: string,
    options: Pick<RunOptions, 'args' | 'stdin' | 'signal'> = {},
  ): Promise<string> {
    const { cluster, runId, generation, step, gateAttempt, attempt, who } = this.token;
    const { stdin = '' } = options;
    const size = typeof stdin === 'string' || Buffer.isBuffer(stdin) ? Buffer.byteLength(stdin) : unknownSize;
    const token = [cluster, runId, generation, step, gateAttempt, attempt, who, size].map(String);
    const result = await this.door.run(fenceScript + script, {
      ...options,
      stdin,
      args: [...token, ...(options.args ?? [])],
    });
    if (result.code === 0) return result.stdout;
    throw this.#refused(result) ?? commandFailed(this.door.target.name, what, result);
  }

  #refused({ code, stderr }: CommandResult): TemperError | undefined {
    const host = this.door.target.name;
    const holder = stderr.trim();
    if (code === exitCodes.fenced)
      return new TemperError('HOST_FENCED', `${host}: taken over by ${holder}`, { hint: 'temper status' });
    if (code === exitCodes.busy) {
      return new TemperError('HOST_BUSY', `${host}: held by ${holder}`, {
        hint: 'wait for that run or abort it, then start again',
      });
    }
    if (code === exitCodes.cut)
      return new TemperError('SSH_UNREACHABLE', `${host}: the connection was lost before all had arrived`);
    if (code === exitCodes.locked)
      return new TemperError('NOT_READY', `${host}: another command of Temper still writes there`);
    return undefined;
  }
}

export function commandFailed(host: string, what: string, { code, stdout, stderr }: CommandResult): TemperError {
  const said = (stderr.trim() || stdout.trim()).split('\n').slice(-3).join(' | ');
  return new TemperError('COMMAND_FAILED', `${host}: ${what} ended with ${code}: ${said || 'it said nothing'}`, {
    evidence: `${stdout}\n${stderr}`.trim(),
  });
}

/** Far from what the commands themselves end with. */
const exitCodes = { cut: 195, locked: 196, fenced: 197, busy: 198 } as const;

/** Of a stream: whoever sends one checks himself what has arrived. */
const unknownSize = '-';

/**
 * The state folder holds `fence` (generation, run, cluster, who) and, of the present generation, `attempts/STEP` (gate attempt, attempt). A higher
 * generation takes the host over by its first write. What is received waits in /run, which a power cut empties.
 */
const fenceScript = `set -eu
cluster=$1 run=$2 generation=$3 step=$4 gate=$5 attempt=$6 who=$7 size=$8
shift 8
umask 077
state=${paths.state}
mkdir -p /run/temper
in=$(mktemp /run/temper/in.XXXXXX)
trap 'rm -f "$in"' EXIT
cat >"$in"
# A worker that dies ends our input too, at whatever byte.
[ "$size" = '${unknownSize}' ] || [ "$(stat -c %s "$in")" -eq "$size" ] || exit ${exitCodes.cut}
( umask 022; mkdir -p "$state" )
mkdir -p "$state/attempts"
exec 9>>"$state/lock"
flock -w 120 9 || exit ${exitCodes.locked}

put() { # content, file: never half written, and no power cut takes it back
  printf '%s\\n' "$1" >"$2.new"
  sync "$2.new"
  mv -f "$2.new" "$2"
  sync "\${2%/*}"
}
held=0 holder='' held_gate=0 held_attempt=0
[ ! -e "$state/fence" ] || { read -r held holder cluster_held who_held; } <"$state/fence"
if [ "$generation" -lt "$held" ]; then
  echo "run $holder of cluster $cluster_held, started by $who_held" >&2
  exit ${exitCodes.fenced}
elif [ "$generation" -gt "$held" ]; then
  rm -f "$state"/attempts/*
  put "$generation $run $cluster $who" "$state/fence"
elif [ "$run" != "$holder" ]; then
  echo "run $holder of cluster $cluster_held, started by $who_held" >&2
  exit ${exitCodes.busy}
fi
[ ! -e "$state/attempts/$step" ] || read -r held_gate held_attempt <"$state/attempts/$step"
if [ "$gate" -lt "$held_gate" ] || { [ "$gate" -eq "$held_gate" ] && [ "$attempt" -lt "$held_attempt" ]; }; then
  echo "a newer attempt of $step" >&2
  exit ${exitCodes.fenced}
elif [ "$gate" -ne "$held_gate" ] || [ "$attempt" -ne "$held_attempt" ]; then
  put "$gate $attempt" "$state/attempts/$step"
fi
umask 022
exec <"$in"
`;
