import { paths } from '../cluster/paths.js';
import type { Change, FileChange } from './changes/change.js';
import type { FactReaders, FileFact } from './facts/facts.js';
import { differingFiles } from './kept-files.js';
import { render } from './render.js';

export async function readManifest(facts: FactReaders, component: string): Promise<FileFact | undefined> {
  return facts.file(manifestPath(component));
}

/** Writes the manifest when it is missing. One that is there is the user's: kubeadm, its upgrade or a person may have changed it. */
export function manifestChanges(component: string, pod: object, present: FileFact | undefined): Change[] {
  return present ? [] : [manifest(component, pod)];
}

export function manifestDrift(component: string, pod: object, present: FileFact | undefined): Change[] {
  const wanted = manifest(component, pod);
  return present ? differingFiles([wanted], { [wanted.path]: present }) : [];
}

function manifest(component: string, pod: object): FileChange {
  const path = manifestPath(component);
  return { kind: 'file', path, mode: '0600', content: render(path, { pod }) };
}

export function manifestPath(component: string): string {
  return `${paths.manifests}/${component}.yaml`;
}
