import { createHash } from 'node:crypto';
import type { FactReaders } from '../facts/facts.js';
import type { Change } from './change.js';
import type { Writer } from './writer.js';

/** What is to be known about one kind of change. */
export interface Kind<C extends Change> {
  /** What is changed; unique within a step for its kind. */
  target(change: C): string;
  /** One sentence for people, without a full stop. */
  describe(change: C): string;
  /** For the plan's hash: `sha256` of what is written, or `<a placeholder>` for what is made on the spot. */
  content(change: C): string;
  mode?(change: C): string;
  /** What stands there now and what will, to be compared by people. */
  texts?(change: C, facts: FactReaders): Promise<{ before: string; after: string }>;
  /** Changes of this kind that follow each other, in their order. Applying them twice is harmless. */
  apply(writer: Writer, changes: readonly C[]): Promise<void>;
}

export function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** For kinds that gain nothing from being written together. */
export function oneByOne<C extends Change>(apply: (writer: Writer, change: C) => Promise<unknown>): Kind<C>['apply'] {
  return async (writer, changes) => {
    for (const change of changes) await apply(writer, change);
  };
}
