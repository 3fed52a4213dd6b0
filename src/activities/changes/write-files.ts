import type { Writer } from './writer.js';

export interface WrittenFile {
  path: string;
  mode: string;
  content: string;
  /** Left alone when all of these were there before, under the lock: what was made once is not made again, nor half of a pair. */
  unless?: readonly string[];
}

/** Writes files, owned by root, in one remote command: each appears whole, with its mode, or not at all. */
export async function writeFiles(writer: Writer, what: string, files: readonly WrittenFile[]): Promise<void> {
  const contents = files.map(({ content }) => Buffer.from(content));
  await writer.write(what, script, {
    args: files.flatMap(({ path, mode, unless = [] }, i) => [
      path,
      mode,
      String(contents[i]!.length),
      unless.join('\n'),
    ]),
    stdin: Buffer.concat(contents),
  });
}

/** The kubelet, and whatever else watches a folder, passes over names with a dot. */
const script = `
is_kept() {
  [ -n "$1" ] || return 1
  while IFS= read -r path; do [ -e "$path" ] || return 1; done <<END
$1
END
}
kept_of() { # as this script's arguments: the numbers of those that stay
  number=0
  while [ $# -gt 0 ]; do
    ! is_kept "$4" || printf ' %s ' "$number"
    number=$((number + 1))
    shift 4
  done
}
name_new() { printf '%s\\n' "\${1%/*}/.\${1##*/}.temper"; }
name_folder() { printf '%s\\n' "\${1%/*}"; }
write_new() { # path, mode, length, where it begins in what was received
  new=$(name_new "$1")
  mkdir -p "\${1%/*}"
  rm -f "$new"
  ( umask 077; tail -c "+$4" "$in" | head -c "$3" >"$new" )
  chmod "$2" "$new"
}
rename_new() { mv -fT "$(name_new "$1")" "$1"; }
kept=$(kept_of "$@")
with_each() { # what to do, and this script's arguments
  action=$1 from=1 number=0
  shift
  while [ $# -gt 0 ]; do
    case $kept in *" $number "*) ;; *) $action "$1" "$2" "$3" "$from" ;; esac
    from=$((from + $3)) number=$((number + 1))
    shift 4
  done
}
with_each write_new "$@"
with_each name_new "$@" | xargs -r -d '\\n' sync
with_each rename_new "$@"
with_each name_folder "$@" | sort -u | xargs -r -d '\\n' sync
`;
