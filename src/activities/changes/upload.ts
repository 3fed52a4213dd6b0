import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { UploadChange } from './change.js';
import { oneByOne, sha256 } from './kind.js';
import type { Kind } from './kind.js';
import { lines } from '../facts/question.js';
import type { Writer } from './writer.js';

export const upload: Kind<UploadChange> = {
  target: ({ path }) => path,
  describe: ({ path, files }) => `Upload ${files.length} files (${mebibytes(files)} MiB) to ${path}`,
  content: ({ files }) => sha256(JSON.stringify(files.map((file) => [file.path, file.size, file.sha256]))),
  apply: oneByOne(async (writer, change) => {
    const files = await withParts(writer, change);
    // The last one says that all others have come.
    for (const together of [files.slice(0, -1), files.slice(-1)]) {
      await Promise.all(
        lanesOf(together).map(async (lane) => {
          for (const parcel of parcels(lane)) await send(writer, change, parcel);
        }),
      );
    }
    // Temporal will know that it is done, so a power cut must not take it back.
    await writer.write(`writing ${change.path} to disk`, 'sync -f "$1"', { args: [change.path] });
  }),
};

type UploadedFile = UploadChange['files'][number];

/** Of which `had` bytes have arrived before. */
interface PartlySent extends UploadedFile {
  had: number;
}

/** Bytes `from` to `to` of a file. */
export interface Piece extends UploadedFile {
  from: number;
  to: number;
}

/** What is received waits in the host's memory until it is complete, so it must not be large. */
const parcelBytes = 16 * 1024 * 1024;

/** While the host writes and checks a parcel of one lane, one of the other is on its way. */
function lanesOf(files: readonly PartlySent[]): PartlySent[][] {
  const lanes = [1, 2].map(() => ({ bytes: 0, files: [] as PartlySent[] }));
  for (const file of files) {
    const lane = lanes.reduce((one, other) => (one.bytes <= other.bytes ? one : other));
    lane.files.push(file);
    lane.bytes += file.size - file.had;
  }
  return lanes.map((lane) => lane.files);
}

/** What is still to be sent, in parcels: many small files together, large ones in pieces. */
export function* parcels(files: readonly PartlySent[], size = parcelBytes): Generator<Piece[]> {
  let parcel: Piece[] = [];
  let room = size;
  for (const { had, ...file } of files) {
    let from = had < file.size ? had : 0;
    do {
      const to = Math.min(file.size, from + room);
      parcel.push({ ...file, from, to });
      room -= to - from;
      from = to;
      if (room > 0) continue;
      yield parcel;
      parcel = [];
      room = size;
    } while (from < file.size);
  }
  if (parcel.length > 0) yield parcel;
}

/** With what came before a broken upload stopped. */
async function withParts({ ask }: Writer, { path, files }: UploadChange): Promise<PartlySent[]> {
  const script = 'while IFS= read -r part; do stat -c %s -- "$part" 2>/dev/null || echo 0; done';
  const { stdout } = await ask(script, { stdin: lines(files.map((file) => partOf(join(path, file.path)))) });
  const sizes = stdout.trim().split('\n').map(Number);
  return files.map((file, i) => ({ ...file, had: sizes[i]! }));
}

async function send(writer: Writer, { source, path }: UploadChange, pieces: readonly Piece[]): Promise<void> {
  const args = pieces.flatMap((piece) => {
    const target = join(path, piece.path);
    return [target, partOf(target), piece.from, piece.to - piece.from, piece.size, piece.sha256].map(String);
  });
  const stdin = Readable.from(contents(source, pieces), { objectMode: false });
  await writer.write(`uploading ${pieces.at(-1)!.path}`, script, { args, stdin });
}

async function* contents(source: string, pieces: readonly Piece[]): AsyncGenerator<Buffer> {
  for (const { path, from, to } of pieces) {
    if (to > from)
      yield* createReadStream(join(source, path), { start: from, end: to - 1, highWaterMark: 1024 * 1024 });
  }
}

/** All that has become whole is checked, flushed and named together: there are hundreds of small files. */
const script = `
whole=
while [ $# -gt 0 ]; do
  path=$1 part=$2 from=$3 length=$4 size=$5 sum=$6
  shift 6
  [ -d "\${path%/*}" ] || mkdir -p "\${path%/*}"
  if [ "$from" -eq 0 ]; then
    : >"$part"
  elif [ "$(stat -c %s "$part")" -ne "$from" ]; then
    echo "$part has another size than $from" >&2
    exit 1
  fi
  [ "$length" -eq 0 ] || head -c "$length" >>"$part"
  [ $((from + length)) -ne "$size" ] || whole="$whole$sum  $part
"
done
[ -n "$whole" ] || exit 0

wrong=$(printf %s "$whole" | LC_ALL=C sha256sum --check --quiet 2>/dev/null | sed 's/: FAILED.*$//')
if [ -n "$wrong" ]; then
  echo "$wrong" | xargs -d '\\n' rm -f
  echo "$wrong has another sha256 than bundle.yaml says" >&2
  exit 1
fi
# A name must not outlive a power cut that its content did not.
sync -f "$part"
printf %s "$whole" | cut -d ' ' -f 3- | while IFS= read -r part; do
  name=\${part##*/.}
  mv -fT "$part" "\${part%/*}/\${name%.part}"
done
`;

function partOf(path: string): string {
  return path.replace(/[^/]+$/, '.$&.part');
}

function mebibytes(files: readonly UploadedFile[]): number {
  return Math.ceil(files.reduce((sum, { size }) => sum + size, 0) / 1024 / 1024);
}
