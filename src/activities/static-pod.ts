import { paths } from '../cluster/paths.js';
import type { Change } from './changes/change.js';
import type { FactReaders, FileFact } from './facts/facts.js';
import { render } from './render.js';

export async function readManifest(facts: FactReaders, component: string): Promise<FileFact | undefined> {
  return facts.file(manifestPath(component));
}

/** Writes the manifest when it is missing. One that is there is the user's: kubeadm, its upgrade or a person may have changed it. */
export function manifestChanges(component: string, pod: object, present: FileFact | undefined): Change[] {
  const path = manifestPath(component);
  return present ? [] : [{ kind: 'file', path, mode: '0600', content: render(path, { pod }) }];
}

export function manifestPath(component: string): string {
  return `${paths.manifests}/${component}.yaml`;
}
