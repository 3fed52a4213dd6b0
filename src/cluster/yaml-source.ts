import {
  LineCounter,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseAllDocuments,
  visit,
  type Document,
  type ErrorCode,
  type Node,
} from 'yaml';
import type { Complaint } from './addresses.js';

/** Something to mend in a file. Line and column start at 1. */
export interface FileFinding extends Complaint {
  file: string;
  line: number;
  column: number;
  level: 'error' | 'warning';
}

/** Keys and indexes from the root of a document. */
export type Path = readonly (string | number)[];

/** A YAML file that remembers where each value stands. */
export interface YamlSource {
  /** The first document as plain data; undefined when it cannot be read. */
  value: unknown;
  findings: FileFinding[];
  /** A finding at a value; where there is none, at the nearest thing around it. `at: 'key'` points to the key of the value. */
  finding(path: Path, complaint: Complaint & { level?: 'warning' }, at?: 'key'): FileFinding;
}

/** `cluster.yaml:14:18 message (hint)` */
export function formatFinding({ file, line, column, level, message, hint }: FileFinding): string {
  return `${file}:${line}:${column} ${level === 'warning' ? 'warning: ' : ''}${message}${hint ? ` (${hint})` : ''}`;
}

/** Reads one YAML document. Never throws: what is wrong is a finding. `file` is only the name shown. */
export function readYaml(content: string | Uint8Array, file: string): YamlSource {
  const text = typeof content === 'string' ? content : decodeUtf8(content);
  const lines = new LineCounter();
  const documents = [
    ...parseAllDocuments(text ?? '', {
      lineCounter: lines,
      stringKeys: true,
      merge: true,
      prettyErrors: false,
      resolveKnownTags: false,
    }),
  ];
  const at = (offset: number, complaint: Complaint & { level?: 'warning' }): FileFinding => {
    const { line, col } = text ? lines.linePos(offset) : { line: 1, col: 1 };
    const { message, hint, level = 'error' } = complaint;
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), level, message: printable(message), hint };
  };

  const [document, second] = documents;
  const findings = documents.flatMap((each) =>
    complaints(each, text ?? '').map(({ offset, ...complaint }) => at(offset, complaint)),
  );
  if (text === undefined) findings.push(at(0, { message: 'the file is not UTF-8 text' }));
  else if (!document) findings.push(at(0, { message: 'the file is empty' }));
  if (second)
    findings.push(at(second.range[0], { message: 'a second document begins here', hint: 'one file, one document' }));

  return {
    value: findings.length ? undefined : document?.toJS({ maxAliasCount: -1 }),
    findings,
    finding: (path, complaint, which) => at(document ? offsetOf(document, path, which) : 0, complaint),
  };
}

/** What is quoted from the file must neither break the line nor speak to the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function decodeUtf8(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return undefined;
  }
}

function complaints(document: Document.Parsed, text: string): (Complaint & { offset: number })[] {
  const problems = [...document.errors, ...document.warnings];
  const found: (Complaint & { offset: number })[] = problems
    .filter(({ code }) => code === 'DUPLICATE_KEY')
    .map(({ pos: [offset] }) => ({ offset, message: `'${keyAt(text, offset)}' stands twice in this mapping` }));
  // After a mistake in the syntax the rest is read wrongly, so only the first is worth showing.
  const syntax = problems.find(({ code }) => code !== 'DUPLICATE_KEY');
  if (syntax) {
    const message = syntax.message.replace(/^[A-Z]/, (first) => first.toLowerCase());
    found.push({ offset: syntax.pos[0], message, hint: remedies[syntax.code] });
  }
  visit(document, {
    Alias(_, alias) {
      const target = alias.resolve(document);
      const [offset = 0] = alias.range ?? [];
      if (!target) found.push({ offset, message: `nothing is anchored as '${alias.source}' before this` });
      else if (target.range && target.range[0] <= offset && offset < target.range[1]) {
        found.push({ offset, message: `'${alias.source}' holds itself` });
      }
    },
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.value !== '<<' || key.type !== 'PLAIN') return;
      const source = followed(value, document);
      const parts = isSeq(source) ? source.items.map((item) => followed(item, document)) : [source];
      if (!parts.every(isMap))
        found.push({ offset: start(key) ?? 0, message: `'<<' takes a mapping, or a list of them` });
    },
  });
  return found;
}

/** The parser says what it met; what people did is mostly one of these. */
const remedies: Partial<Record<ErrorCode, string>> = {
  BAD_INDENT: 'check the indentation: what belongs together begins in one column',
  BAD_SCALAR_START: 'put the text in quotes',
  BLOCK_AS_IMPLICIT_KEY: "check the indentation of the lines that follow; a text with ': ' in it needs quotes",
  MISSING_CHAR: 'what was opened before this place is not closed',
  MULTILINE_IMPLICIT_KEY: 'a colon or a closing quote is missing',
  NON_STRING_KEY: 'a key is a plain text',
  RESOURCE_EXHAUSTION: 'the file is nested too deeply',
  TAB_AS_INDENT: 'indent by spaces',
  TAG_RESOLVE_FAILED: 'write the value without a tag; a text that begins with ! needs quotes',
};

function keyAt(text: string, offset: number): string {
  return /[^:\s]*/.exec(text.slice(offset))?.[0] ?? '';
}

/** The offset of the deepest part of `path` that exists: a list item or scalar itself, a mapping by its key. */
function offsetOf(document: Document, path: Path, which?: 'key'): number {
  let node: unknown = document.contents;
  let offset = start(node);
  for (const [depth, step] of path.entries()) {
    const holder = followed(node, document);
    const isLast = depth === path.length - 1;
    if (isSeq(holder)) {
      node = holder.items[Number(step)];
      offset = start(node) ?? offset;
      continue;
    }
    const pair = isMap(holder)
      ? holder.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      : undefined;
    if (!pair) break;
    node = pair.value;
    const atValue =
      isLast && which !== 'key' && (isScalar(node) || isAlias(node)) && node.range && node.range[1] > node.range[0];
    offset = (atValue ? start(node) : start(pair.key)) ?? offset;
  }
  return offset ?? 0;
}

function followed(node: unknown, document: Document): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function start(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined;
}
