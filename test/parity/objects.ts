import type { KubeObject } from '../../src/activities/facts/facts.js';

/** Comparable by name: without what only stands there because Go writes empty structs, and without the CA. */
export function objectsByName(objects: KubeObject[]): Record<string, unknown> {
  return Object.fromEntries(objects.map((object) => [nameOf(object), comparable(object)]));
}

function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

function comparable(object: KubeObject): unknown {
  return JSON.parse(JSON.stringify(object), (field, value) => {
    const isEmptyStruct = field === 'status' || field === 'resourceVersion' || JSON.stringify(value) === '{}';
    if (isEmptyStruct) return undefined;
    return field === 'kubeconfig' ? value.replace(/(certificate-authority-data: ).*/, '$1<masked>') : value;
  });
}
