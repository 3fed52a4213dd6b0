import { LineCounter, isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Complaint } from './addresses.js';
import { complaints, followed, start, targetsOf, type Targets } from './yaml-nodes.js';

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
    // The library's own limit counts how often an anchor is used, which says little; `complaints` has looked at what that adds up to.
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
