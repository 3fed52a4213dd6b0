import type { CommandResult, RunOptions } from '../../host/door.js';

/** Runs a script as root that changes nothing. */
export type Ask = (script: string, options?: Pick<RunOptions, 'args' | 'stdin' | 'root'>) => Promise<CommandResult>;

/** One kind of fact: many keys, one remote command, one answer a key in the keys' order. Keys go by standard input, one a line. */
export type Reader<Key, Fact> = (ask: Ask, keys: readonly Key[]) => Promise<Fact[]>;

/** Standard input of a script that reads its keys by `while IFS= read -r key`. */
export function lines(keys: readonly string[]): string {
  return keys.map((key) => `${key}\n`).join('');
}
