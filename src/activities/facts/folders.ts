import { lines } from './question.js';
import type { Reader } from './question.js';

export const readFolders: Reader<string, string[] | undefined> = async (ask, paths) => {
  const { stdout } = await ask(script, { stdin: lines(paths) });
  const answers = stdout.split('\n');
  return paths.map((_, index) => parseFolder(answers[index] ?? ''));
};

const script = `
while IFS= read -r path; do
  if [ -d "$path" ]; then printf =; find "$path/" -mindepth 1 -maxdepth 1 -printf '%f/'; fi
  echo
done
`;

function parseFolder(answer: string): string[] | undefined {
  return answer.startsWith('=') ? answer.slice(1).split('/').filter(Boolean).sort() : undefined;
}
