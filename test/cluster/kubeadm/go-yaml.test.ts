import { expect, test } from 'vitest';
import { goYaml } from '../../../src/cluster/kubeadm/go-yaml.js';

/** Output of sigs.k8s.io/yaml 1.6.0 with go.yaml.in/yaml/v2 2.4.3. */
test.each<[string, unknown, string]>([
  ['a word', 'word', 'word'],
  ['a flag', '--v=2', '--v=2'],
  ['a boolean of YAML 1.1', 'no', '"no"'],
  ['no boolean', 'nO', 'nO'],
  ['an empty text', '', '""'],
  ['a number', '1_000', '"1_000"'],
  ['no number', '1e', '1e'],
  ['a hexadecimal number', '0x1F', '"0x1F"'],
  ['base 60', '12:30:45', '"12:30:45"'],
  ['a date', '2001-1-2', '"2001-1-2"'],
  ['an indicator', '*,bootstrapsigner', "'*,bootstrapsigner'"],
  ['a colon and a space', 'a: b', "'a: b'"],
  ['a comment', 'a #b', "'a #b'"],
  ['a space at the end', "it's ", "'it''s '"],
  ['a tab', 'a\tb', '"a\\tb"'],
  ['an emoji', '😀', '"\\U0001F600"'],
  ['lines', 'a\n\n b\n', '|\n  a\n\n   b'],
  ['lines without an end', 'a\nb', '|-\n  a\n  b'],
  ['lines with empty ones at the end', 'a\n\n', '|+\n  a\n'],
  ['lines that begin with a space', ' a\nb', '|2-\n   a\n  b'],
  ['a space before a new line', 'a \nb', '"a \\nb"'],
  ['a number', 1.5, '1.5'],
  ['nothing', null, 'null'],
  ['an empty list', [], '[]'],
  ['an empty map', {}, '{}'],
])('%s is spelled as Go does: %j', (_, value, expected) => {
  expect(goYaml({ k: value })).toBe(`k: ${expected}\n`);
});

test('a long text is folded at the first space behind column 80', () => {
  const text = 'word '.repeat(18).trim();

  expect(goYaml({ key: [text] })).toBe(`key:\n- ${'word '.repeat(16).trim()}\n  word word\n`);
});

test('keys are sorted by letters and numbers, lists stand at the column of their key', () => {
  const value = { b: { a10: 1, a2: [{ y: 1, x: [[1, 2], []] }] }, B: null, '9': undefined };

  expect(goYaml(value)).toBe('B: null\nb:\n  a2:\n  - x:\n    - - 1\n      - 2\n    - []\n    "y": 1\n  a10: 1\n');
});
