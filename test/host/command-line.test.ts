import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandLine, quote } from '../../src/host/command-line.js';

test('every argument reaches the script as it is', () => {
  const word = fc
    .string({ unit: 'binary' })
    .filter((text) => !text.includes('\0') && Buffer.from(text).toString() === text);
  fc.assert(
    fc.property(fc.array(word, { maxLength: 5 }), (args) => {
      const line = commandLine(`printf '%s\\0' "$@"`, args);

      const printed = execFileSync('sh', ['-c', line]).toString();

      expect(printed).toBe(args.length > 0 ? args.map((arg) => `${arg}\0`).join('') : '\0');
    }),
    { numRuns: 50 },
  );
});

test('plain words stay readable', () => {
  expect(['/etc/temper', 'a b', '', "it's"].map(quote).join(' ')).toBe(`/etc/temper 'a b' '' 'it'\\''s'`);
});

test('sudo is told not to ask', () => {
  expect(commandLine('id', [], true)).toMatch(/^sudo -n -- sh -c /);
});
