import type { FileFact } from './facts.js';
import { lines } from './question.js';
import type { Reader } from './question.js';

export const readFiles: Reader<string, FileFact | undefined> = async (ask, paths) => {
  const { stdout } = await ask(script, { stdin: lines(paths) });
  const files = parseFiles(stdout);
  return paths.map((path) => files.get(path));
};

/** Two programs for all paths together; sha256sum would wait for ever at a pipe, so it sees regular files only. */
const script = `
paths=$(cat)
printf '%s\\n' "$paths" | xargs -d '\\n' stat -c '%F/%04a/%U/%G/%s/%n' -- 2>/dev/null
echo
printf '%s\\n' "$paths" | while IFS= read -r path; do
  if [ -f "$path" ] && [ ! -L "$path" ]; then printf '%s\\n' "$path"; fi
done | xargs -r -d '\\n' sha256sum -- 2>/dev/null
exit 0
`;

export function parseFiles(output: string): Map<string, FileFact> {
  const [stats = '', sums = ''] = output.split(/^\n/m);
  const files = new Map<string, FileFact>();
  for (const line of stats.split('\n')) {
    const [, type, mode, owner, group, size, path] = /^([^/]+)\/(\d+)\/([^/]+)\/([^/]+)\/(\d+)\/(.*)$/.exec(line) ?? [];
    if (path)
      files.set(path, { type: types[type!] ?? 'other', mode: mode!, owner: owner!, group: group!, size: Number(size) });
  }
  for (const line of sums.split('\n')) {
    const file = files.get(line.slice(66));
    if (file) file.sha256 = line.slice(0, 64);
  }
  return files;
}

const types: Record<string, FileFact['type']> = {
  'regular file': 'file',
  'regular empty file': 'file',
  directory: 'directory',
  'symbolic link': 'link',
};
