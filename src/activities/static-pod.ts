import { paths } from '../cluster/paths.js';
import type { Change, FileChange } from './changes/change.js';
import type { FactReaders, FileFact } from './facts/facts.js';
import { hasJoined } from './has-joined.js';
import { differingFiles, keptFile, sha256 } from './kept-files.js';
import { render } from './render.js';

/** A manifest on the host, and whose it is. */
export interface ManifestFacts {
  present: FileFact | undefined;
  /** All that Temper meant to write there, each as its sha256: another one there was changed by a person. */
  written: string[];
  /** The host is a node of the cluster: from then on the manifest is the user's, before that it is part of a start that has not come about yet. */
  isSettled: boolean;
}

export async function readManifest(facts: FactReaders, component: string): Promise<ManifestFacts> {
  const [present, written, kubeletConfig, isIn] = await Promise.all([
    facts.file(manifestPath(component)),
    facts.text(writtenRecord(component)),
    facts.file(`${paths.kubelet}/config.yaml`),
    hasJoined(facts),
  ]);
  return {
    present,
    written: written?.split('\n').filter(Boolean) ?? [],
    isSettled: kubeletConfig !== undefined && isIn,
  };
}

/**
 * Writes the manifest when it is missing; and once more when cluster.yaml was corrected before the first start came about. Otherwise one that is
 * there is the user's: kubeadm, its upgrade or a person may have changed it.
 */
export function manifestChanges(component: string, pod: object, facts: ManifestFacts): Change[] {
  const { present, written, isSettled } = facts;
  if (present && isSettled) return [];
  const wanted = manifest(component, pod);
  const digest = sha256(wanted.content);
  if (present && ![digest, ...written].includes(present.sha256!)) return [];
  // The record first: whatever breaks off behind it, the manifest that is there is known as Temper's.
  const record =
    isSettled || written.includes(digest) ? [] : [keptFile(writtenRecord(component), listOf([...written, digest]))];
  return present?.sha256 === digest ? record : [...record, wanted];
}

export function manifestDrift(component: string, pod: object, { present }: ManifestFacts): Change[] {
  const wanted = manifest(component, pod);
  return present ? differingFiles([wanted], { [wanted.path]: present }) : [];
}

/** For a step whose component does not come up. */
export const correctedSpecHint =
  'the evidence has its log; if cluster.yaml is to blame: correct it, temper abort, temper bootstrap';

export function manifestPath(component: string): string {
  return `${paths.manifests}/${component}.yaml`;
}

function listOf(digests: string[]): string {
  return digests.map((digest) => `${digest}\n`).join('');
}

function writtenRecord(component: string): string {
  return `${paths.temper}/written/${component}.sha256`;
}

function manifest(component: string, pod: object): FileChange {
  const path = manifestPath(component);
  return { kind: 'file', path, mode: '0600', content: render(path, { pod }) };
}
