import { lines } from './question.js';
import type { Reader } from './question.js';

export const readTexts: Reader<string, string | undefined> = async (ask, paths) => {
  const { stdout } = await ask(script, { stdin: lines(paths) });
  const answers = stdout.split('\n');
  return paths.map((_, index) => parseText(answers[index] ?? ''));
};

const script = `
while IFS= read -r path; do
  if [ -f "$path" ] && [ "$(stat -L -c %s -- "$path")" -lt 1048576 ]; then printf =; base64 -w 0 -- "$path"; fi
  echo
done
`;

/** `=` and base64; nothing for a file that is not there. */
function parseText(answer: string): string | undefined {
  return answer.startsWith('=') ? Buffer.from(answer.slice(1), 'base64').toString() : undefined;
}
