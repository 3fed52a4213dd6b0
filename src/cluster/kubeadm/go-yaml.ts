/**
 * YAML with the bytes that Kubernetes writes (sigs.k8s.io/yaml on go.yaml.in/yaml/v2): keys sorted, lists at their key's own column, Go's quoting,
 * and lines folded at the first space after column 80. The `yaml` package cannot be set to that, so this writes it.
 * https://github.com/yaml/go-yaml/blob/v2.4.3/emitterc.go
 */
export function goYaml(value: object): string {
  const text = Array.isArray(value) ? sequence(value, 0) : mapping(value, 0);
  return `${text || '{}'}\n`;
}

/** One scalar as it stands behind `- ` or `key: ` at `column`, with `indent` columns before its further lines. */
export function goYamlScalar(value: unknown, indent = 0, column = 0): string {
  if (typeof value !== 'string') return value === undefined ? 'null' : JSON.stringify(value);
  if (value.includes('\n') && canBeBlock(value)) return literal(value, indent);
  if (value.includes('\n') || resolvesToOtherType(value)) return doubleQuoted(value, indent, column);
  if (!isQuoted(value)) return fold(value, indent, column);
  return isSpecial(value) ? doubleQuoted(value, indent, column) : singleQuoted(value, indent, column);
}

function mapping(map: object, indent: number): string {
  const entries = Object.entries(map).filter(([, value]) => value !== undefined);
  return entries
    .sort(([a], [b]) => compareKeys(a, b))
    .map(([key, value]) => {
      const head = `${goYamlScalar(key, indent, -Infinity)}:`;
      return head + afterKey(value, indent, indent + head.length + 1);
    })
    .join(lineAt(indent));
}

function afterKey(value: unknown, indent: number, column: number): string {
  if (isFilled(value)) {
    return Array.isArray(value)
      ? lineAt(indent) + sequence(value, indent)
      : lineAt(indent + 2) + mapping(value, indent + 2);
  }
  return ` ${goYamlScalar(value, indent + 2, column)}`;
}

function sequence(items: unknown[], indent: number): string {
  return items.map((item) => `- ${insideItem(item, indent + 2)}`).join(lineAt(indent));
}

function insideItem(item: unknown, indent: number): string {
  if (!isFilled(item)) return goYamlScalar(item, indent, indent);
  return Array.isArray(item) ? sequence(item, indent) : mapping(item, indent);
}

function isFilled(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.values(value).some((field) => field !== undefined);
}

function lineAt(indent: number): string {
  return `\n${' '.repeat(indent)}`;
}

/** Letters after everything else, runs of digits by their number. */
function compareKeys(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    if (a[i] === b[i]) continue;
    const [aIsLetter, bIsLetter] = [/\p{L}/u.test(a[i]!), /\p{L}/u.test(b[i]!)];
    if (aIsLetter !== bIsLetter) return aIsLetter ? 1 : -1;
    const [aDigits, bDigits] = [a, b].map((key) => /^\d+/.exec(key.slice(i))?.[0] ?? '');
    if (!aIsLetter && Number(aDigits) !== Number(bDigits)) return Number(aDigits) - Number(bDigits);
    return a[i]! < b[i]! ? -1 : 1;
  }
  return a.length - b.length;
}

const words = /^(y|yes|true|on|n|no|false|off|null)$/i;
const mixedCaseWord = /^(?:[a-z]+|[A-Z][a-z]*|[A-Z]+)$/;
const specialWords = /^(|~|[-+]?\.(inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/;
const integer = /^[-+]?(0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+|\d+)$/;
const float = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;
const base60 = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/;
const timestamp = /^\d{4}-\d{1,2}-\d{1,2}([Tt ]\d{1,2}:\d{1,2}:\d{1,2}(\.\d+)?(Z|[-+]\d\d:\d\d)?)?$/;

/** True for a text that YAML 1.1 would read as a boolean, null, number or time. */
function resolvesToOtherType(text: string): boolean {
  if (words.test(text)) return mixedCaseWord.test(text);
  const digits = text.startsWith('.') ? text : text.replaceAll('_', '');
  return (
    [specialWords, base60, timestamp].some((kind) => kind.test(text)) || integer.test(digits) || float.test(digits)
  );
}

/** True when it cannot stand plain. */
function isQuoted(text: string): boolean {
  return /^( |---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:-]( |$))| $|:( |$)| #/.test(text) || isSpecial(text);
}

/** Not printable for Go's YAML: control characters, of which a tab is one, and everything outside the basic plane. */
function isSpecial(text: string): boolean {
  return /[\x00-\x09\x0b-\x1f\x7f-\x9f\ufeff\u{10000}-\u{10ffff}]/u.test(text);
}

function canBeBlock(text: string): boolean {
  return !isSpecial(text) && !/ $| \n/.test(text);
}

function literal(text: string, indent: number): string {
  const indentHint = /^[ \n]/.test(text) ? '2' : '';
  const chomping = !text.endsWith('\n') ? '-' : /(^|\n)\n$/.test(text) ? '+' : '';
  const lines = text.replace(/\n$/, '').split('\n');
  return `|${indentHint}${chomping}${lines.map((line) => (line ? lineAt(indent) + line : '\n')).join('')}`;
}

function singleQuoted(text: string, indent: number, column: number): string {
  return `'${fold(text.replaceAll("'", "''"), indent, column + 1)}'`;
}

const escapes: Record<string, string> = {
  ...{ '\0': '\\0', '\x07': '\\a', '\b': '\\b', '\t': '\\t', '\n': '\\n', '\v': '\\v', '\f': '\\f', '\r': '\\r' },
  '\x1b': '\\e',
};

function doubleQuoted(text: string, indent: number, column: number): string {
  const characters = [...text];
  let written = '"';
  let at = column + 1;
  for (const [i, character] of characters.entries()) {
    const isLone = character === ' ' && characters[i - 1] !== ' ';
    const breaks = isLone && at > bestWidth && i > 0 && i < characters.length - 1;
    const piece = breaks ? lineAt(indent) + (characters[i + 1] === ' ' ? '\\' : '') : escaped(character);
    at = breaks ? piece.length - 1 : at + piece.length;
    written += piece;
  }
  return `${written}"`;
}

function escaped(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  if (character in escapes) return escapes[character]!;
  if (!isSpecial(character)) return character;
  const code = character.codePointAt(0)!.toString(16).toUpperCase();
  if (code.length <= 2) return `\\x${code.padStart(2, '0')}`;
  return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
}

const bestWidth = 80;

/** Replaces a single space by a new line wherever the column has passed 80. */
function fold(text: string, indent: number, column: number): string {
  let written = '';
  let at = column;
  for (const [i, character] of [...text].entries()) {
    const isLoneSpace = character === ' ' && text[i - 1] !== ' ' && text[i + 1] !== ' ';
    const isInside = i > 0 && i < text.length - 1;
    const breaks = isLoneSpace && isInside && at > bestWidth;
    written += breaks ? lineAt(indent) : character;
    at = breaks ? indent : at + 1;
  }
  return written;
}
