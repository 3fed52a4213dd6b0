import { lines } from './question.js';
import type { Reader } from './question.js';

export const readSysctls: Reader<string, string | undefined> = async (ask, keys) => {
  const { stdout } = await ask(sysctlScript, { stdin: lines(keys) });
  const answers = stdout.split('\n');
  return keys.map((_, index) => (answers[index]?.startsWith('=') ? answers[index].slice(1) : undefined));
};

/** By the file, as there is one for each key: sysctl(8) needs procps. Tabs between numbers count as blanks. */
const sysctlScript = `
while IFS= read -r key; do
  file=/proc/sys/$(printf %s "$key" | tr ./ /.)
  if [ -r "$file" ]; then printf '=%s' "$(tr '\\t' ' ' <"$file")"; fi
  echo
done
`;

export const readModules: Reader<string, boolean> = async (ask, names) => {
  const { stdout } = await ask(moduleScript, { stdin: lines(names) });
  const answers = stdout.split('\n');
  return names.map((_, index) => answers[index] === 'yes');
};

/** One that is built in shows only by its parameters, by the list of built-in ones, or by what it does. */
const moduleScript = `
while IFS= read -r name; do
  if grep -q "^$name " /proc/modules || [ -d "/sys/module/$name" ] || grep -qs "/$name\\.ko" "/lib/modules/$(uname -r)/modules.builtin" ||
    grep -q "\\b$name$" /proc/filesystems || { [ "$name" = br_netfilter ] && [ -d /proc/sys/net/bridge ]; }; then
    echo yes
  else
    echo no
  fi
done
`;
