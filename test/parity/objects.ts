import type { KubeObject } from '../../src/activities/facts/facts.js';

export function objectsByName(objects: KubeObject[]): Record<string, KubeObject> {
  return Object.fromEntries(objects.map((object) => [nameOf(object), comparable(object)]));
}

function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

/** Without what only stands there because Go writes empty structs, and without the CA. */
function comparable(object: KubeObject): KubeObject {
  const copy: any = structuredClone(object);
  delete copy.status;
  delete copy.metadata.resourceVersion;
  for (const container of copy.spec?.template?.spec?.containers ?? []) {
    if (Object.keys(container.resources ?? {}).length === 0) delete container.resources;
  }
  if (copy.kind === 'ConfigMap' && copy.metadata.name === 'cluster-info') {
    copy.data.kubeconfig = copy.data.kubeconfig.replace(/(certificate-authority-data: ).*/, '$1<masked>');
  }
  return copy;
}
