import {
  LineCounter,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseAllDocuments,
  visit,
  type Alias,
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
  /** A scalar as it stands in the file, without its quotes; undefined where there is none. */
  written(path: Path): string | undefined;
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
    const place = { file, line: Math.max(line, 1), column: Math.max(col, 1) };
    return { ...place, level, message: printable(message), hint: hint && printable(hint) };
  };

  const [document, second] = documents;
  const findings = documents.flatMap((each) =>
    complaints(each, targetsOf(each), text ?? '').map(({ offset, ...complaint }) => at(offset, complaint)),
  );
  if (text === undefined) findings.push(at(0, { message: 'the file is not UTF-8 text' }));
  else if (!document) findings.push(at(0, { message: 'the file is empty' }));
  if (second)
    findings.push(at(second.range[0], { message: 'a second document begins here', hint: 'one file, one document' }));
  findings.sort(byPlace);

  const targets: Targets = document ? targetsOf(document) : new Map();
  return {
    // Its own limit counts how often an anchor is used; ours, below, what that adds up to.
    value: findings.length ? undefined : document?.toJS({ maxAliasCount: -1 }),
    findings,
    written: (path) => (document ? writtenAt(document.contents, targets, path) : undefined),
    finding: (path, complaint, which) =>
      at(document ? offsetOf(document.contents, targets, path, which) : 0, complaint),
  };
}

/** A long quote says no more than its beginning. */
function shortened(message: string): string {
  return message.replace(/(?<=^|[\s(])'([^']{80})[^']+'(?=$|[\s:,)])/g, "'$1…'");
}

/** What is quoted from the file must neither break the line nor speak to the terminal, nor look like another text. */
function printable(text: string): string {
  return shortened(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0)!.toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u{${code}}`;
  });
}

function decodeUtf8(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return undefined;
  }
}

/** In the order of a file. */
export function byPlace(one: FileFinding, other: FileFinding): number {
  return one.line - other.line || one.column - other.column;
}

interface Found extends Complaint {
  offset: number;
}

function complaints(document: Document.Parsed, targets: Targets, text: string): Found[] {
  const problems = [...document.errors, ...document.warnings];
  // After a mistake in the syntax the rest is read wrongly, so only the first is worth showing.
  const syntax = problems.find(({ code }) => code !== 'DUPLICATE_KEY');
  if (syntax) {
    const message = syntax.message.replace(/^[A-Z]/, (first) => first.toLowerCase());
    return [{ offset: syntax.pos[0], message, hint: remedies[syntax.code] }];
  }
  const twice = problems.map(({ pos: [offset] }) => ({
    offset,
    message: `'${keyAt(text, offset)}' stands twice in this mapping`,
  }));
  const found = [...twice, ...complaintsAboutNodes(document, targets)];
  return found.length ? found : tooManyRepeated(targets);
}

function complaintsAboutNodes(document: Document, targets: Targets): Found[] {
  const found: Found[] = [];
  visit(document, {
    Alias(_, alias) {
      const target = targets.get(alias);
      const offset = start(alias) ?? 0;
      if (!target) found.push({ offset, message: `nothing is anchored as '${alias.source}' before this` });
      else if (target.range && target.range[0] <= offset && offset < target.range[1]) {
        found.push({ offset, message: `'${alias.source}' holds itself` });
      }
    },
    Pair(_, { key, value }) {
      if (!isScalar(key)) return;
      const offset = start(key) ?? 0;
      // JavaScript means something else by it, and would lose the value.
      if (key.value === '__proto__') found.push({ offset, message: `'__proto__' cannot be a key` });
      if (key.value !== '<<' || key.type !== 'PLAIN') return;
      const source = followed(value, targets);
      const parts = isSeq(source) ? source.items.map((item) => followed(item, targets)) : [source];
      if (!parts.every(isMap)) found.push({ offset, message: `'<<' takes a mapping, or a list of them` });
    },
  });
  return found;
}

/** So many values may aliases repeat in all: without a limit, a few lines of them that name each other fill the memory. */
const mostRepeated = 20_000;

function tooManyRepeated(targets: Targets): Found[] {
  const sizes = new Map<unknown, number>();
  const sizeOf = (node: unknown): number => {
    const target = followed(node, targets);
    const known = sizes.get(target);
    if (known !== undefined) return known;
    const parts = isMap(target) ? target.items.map(({ value }) => value) : isSeq(target) ? target.items : [];
    const size = parts.reduce<number>((sum, part) => sum + sizeOf(part), 1);
    sizes.set(target, size);
    return size;
  };
  let repeated = 0;
  for (const [alias, target] of targets) {
    repeated += sizeOf(target);
    if (repeated <= mostRepeated) continue;
    const message = `with '*${alias.source}', aliases repeat more than ${mostRepeated} values`;
    return [{ offset: start(alias) ?? 0, message, hint: 'write out what is meant' }];
  }
  return [];
}

/** What each alias stands for: what was anchored last by its name before it. */
type Targets = Map<Alias, Node | undefined>;

function targetsOf(document: Document): Targets {
  const anchored = new Map<string, Node>();
  const targets: Targets = new Map();
  visit(document, {
    Node(_, node) {
      if (isAlias(node)) targets.set(node, anchored.get(node.source));
      else if (node.anchor) anchored.set(node.anchor, node);
    },
  });
  return targets;
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
function offsetOf(contents: unknown, targets: Targets, path: Path, which?: 'key'): number {
  let node = contents;
  let offset = start(node);
  for (const [depth, step] of path.entries()) {
    const holder = followed(node, targets);
    const isLast = depth === path.length - 1;
    if (isSeq(holder)) {
      node = holder.items[Number(step)];
      offset = start(node) ?? offset;
      continue;
    }
    const pair = pairOf(holder, step);
    if (!pair) break;
    node = pair.value;
    const atValue =
      isLast && which !== 'key' && (isScalar(node) || isAlias(node)) && node.range && node.range[1] > node.range[0];
    offset = (atValue ? start(node) : start(pair.key)) ?? offset;
  }
  return offset ?? 0;
}

function writtenAt(contents: unknown, targets: Targets, path: Path): string | undefined {
  let node = followed(contents, targets);
  for (const step of path) node = followed(isSeq(node) ? node.items[Number(step)] : pairOf(node, step)?.value, targets);
  return isScalar(node) ? node.source : undefined;
}

function pairOf(holder: unknown, key: string | number) {
  if (!isMap(holder)) return undefined;
  return holder.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));
}

function followed(node: unknown, targets: Targets): unknown {
  return isAlias(node) ? targets.get(node) : node;
}

function start(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined;
}
