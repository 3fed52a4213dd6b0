/**
 * The line that a login shell gets for a script: nothing of it is left to that shell, whichever it is, but to start `sh`.
 * `args` become $1, $2 …
 */
export function commandLine(script: string, args: readonly string[] = [], sudo = false): string {
  const words = ['sh', '-c', environment + script, 'sh', ...args];
  return [...(sudo ? ['sudo', '-n', '--'] : []), ...words].map(quote).join(' ');
}

/** One word for a POSIX shell, whatever it holds. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A session without login has no sbin in its PATH, and what parsers read must not depend on the language. */
const environment = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C; export PATH LC_ALL\n';
