import { createHash } from 'node:crypto';
import { parseAllDocuments } from 'yaml';
import type { ObjectChange } from './changes/change.js';
import { objectRef } from './changes/change.js';
import type { FactReaders, KubeObject } from './facts/facts.js';
import { render } from './render.js';

/** The objects of `templates/objects/<name>.yaml.njk`, in the order of the file. */
export function renderObjects(name: string, values: object = {}): KubeObject[] {
  return parseObjects(render(`objects/${name}.yaml`, values));
}

export function parseObjects(manifest: string): KubeObject[] {
  const documents = parseAllDocuments(manifest).map((document) => document.toJS() as KubeObject | null);
  return documents.filter((object) => object !== null);
}

/** What the API server has of each object, in the same order. */
export async function readObjects(
  facts: FactReaders,
  server: string,
  wanted: KubeObject[],
): Promise<(KubeObject | undefined)[]> {
  return Promise.all(wanted.map((object) => facts.object(objectRef({ server, object }))));
}

/**
 * Changes for kubeadm's objects. RBAC is kept: made or mended. Everything else is the user's once it is there: made when missing, never changed.
 * `present` is in the order of `wanted`.
 */
export function objectChanges(
  server: string,
  wanted: KubeObject[],
  present: (KubeObject | undefined)[],
): ObjectChange[] {
  return wanted.flatMap((object, i): ObjectChange[] => {
    const is = present[i];
    if (!is) return [{ kind: 'object', server, how: 'create', object }];
    return isKept(object) && !holds(is, object) ? [{ kind: 'object', server, how: 'update', object }] : [];
  });
}

/** Of the same objects those that are the user's by now and say something else. */
export function objectDrift(server: string, wanted: KubeObject[], present: (KubeObject | undefined)[]): ObjectChange[] {
  return wanted.flatMap((object, i): ObjectChange[] => {
    const is = present[i];
    return is && !isKept(object) && !holds(is, object) ? [{ kind: 'object', server, how: 'update', object }] : [];
  });
}

function isKept({ apiVersion }: KubeObject): boolean {
  return apiVersion.startsWith('rbac.authorization.k8s.io/');
}

/** True when `value` says all that `wanted` says; the API server adds defaults and its own fields. */
export function holds(value: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return Array.isArray(value) && value.length === wanted.length && wanted.every((item, i) => holds(value[i], item));
  }
  if (typeof wanted !== 'object' || wanted === null) return value === wanted;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(wanted).every(([field, part]) => holds((value as Record<string, unknown>)[field], part));
}

/** Pins the content of a ConfigMap that kubeadm made by itself: `kubeadm upgrade` may replace it as long as nobody has changed it. */
export function withConfigHash(object: KubeObject): KubeObject {
  const data = object.data as Record<string, string>;
  const content = Object.keys(data)
    .sort()
    .map((key) => data[key]);
  const hash = `sha256:${createHash('sha256').update(content.join('')).digest('hex')}`;
  const annotations = { ...object.metadata.annotations, 'kubeadm.kubernetes.io/component-config.hash': hash };
  return { ...object, metadata: { ...object.metadata, annotations } };
}
