import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  visit,
  type Alias,
  type Document,
  type ErrorCode,
  type Node,
} from 'yaml';
import type { Complaint } from './addresses.js';

export interface Found extends Complaint {
  offset: number;
}

/** What is wrong with a document before anybody asks what it means, each at its offset. */
export function complaints(document: Document.Parsed, targets: Targets, text: string): Found[] {
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
export type Targets = Map<Alias, Node | undefined>;

export function targetsOf(document: Document): Targets {
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

export function followed(node: unknown, targets: Targets): unknown {
  return isAlias(node) ? targets.get(node) : node;
}

export function start(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined;
}
