import type { Writer } from './writer.js';

export interface WrittenFile {
  path: string;
  mode: string;
  content: string;
}

/**
 * Writes files, owned by root, in one remote command: each appears whole, with its mode, or not at all. `unless` is a script that exits 0 when they
 * must be left alone; it is asked under the lock.
 */
export async function writeFiles(
  writer: Writer,
  what: string,
  files: readonly WrittenFile[],
  unless = 'false',
): Promise<void> {
  const contents = files.map(({ content }) => Buffer.from(content));
  await writer.write(what, `if ${unless}; then exit 0; fi\n${script}`, {
    args: files.flatMap(({ path, mode }, i) => [path, mode, String(contents[i]!.length)]),
    stdin: Buffer.concat(contents),
  });
}

/** The kubelet, and whatever else watches a folder, passes over names with a dot. */
const script = `
from=1
while [ $# -gt 0 ]; do
  path=$1 mode=$2 length=$3
  shift 3
  folder=\${path%/*}
  new=$folder/.\${path##*/}.temper
  mkdir -p "$folder"
  rm -f "$new"
  ( umask 077; tail -c "+$from" "$in" | head -c "$length" >"$new" )
  chmod "$mode" "$new"
  sync "$new"
  mv -fT "$new" "$path"
  sync "$folder"
  from=$((from + length))
done
`;
