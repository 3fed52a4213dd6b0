import { stringify } from 'yaml';
import type { KubeObject } from '../facts/facts.js';
import { objectRef } from './change.js';
import type { ObjectChange } from './change.js';
import { sha256 } from './kind.js';
import type { Kind } from './kind.js';
import { sendObjects } from './send-objects.js';

export const object: Kind<ObjectChange> = {
  target: ({ object: { kind, metadata } }) => [kind, metadata.namespace, metadata.name].filter(Boolean).join('/'),
  describe: (change) => `${verbs[change.how]} the API object ${object.target(change)}`,
  content: (change) => sha256(JSON.stringify(change.object)),
  texts: async (change, facts) => {
    if (change.object.kind === 'Secret') return { before: '', after: '' };
    const present = await facts.object(objectRef(change));
    return { before: present ? stringify(partOf(present, change.object)) : '', after: stringify(change.object) };
  },
  apply: sendObjects,
};

const verbs = { create: 'Create', update: 'Create or update', apply: 'Apply' };

/** Of what is there, only what is spoken of: the API server adds much. */
function partOf(present: unknown, wanted: unknown): unknown {
  if (typeof present !== 'object' || typeof wanted !== 'object' || !present || !wanted) return present;
  if (Array.isArray(wanted) && Array.isArray(present) && present.length === wanted.length)
    return present.map((item, i) => partOf(item, wanted[i]));
  if (Array.isArray(wanted)) return present;
  const keys = Object.keys(wanted).filter((key) => key in present);
  return Object.fromEntries(
    keys.map((key) => [key, partOf((present as KubeObject)[key], (wanted as KubeObject)[key])]),
  );
}
