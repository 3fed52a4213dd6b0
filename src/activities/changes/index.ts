import { absent } from './absent.js';
import { bootstrapKubeconfig } from './bootstrap-kubeconfig.js';
import { bootstrapToken } from './bootstrap-token.js';
import { certificate } from './certificate.js';
import type { Change, ChangeKind } from './change.js';
import { command } from './command.js';
import { copy } from './copy.js';
import { directory } from './directory.js';
import { elsewhere } from './elsewhere.js';
import { etcdManifest } from './etcd-manifest.js';
import { etcdMember } from './etcd-member.js';
import { file } from './file.js';
import { image } from './image.js';
import { keyPair } from './key-pair.js';
import type { Kind } from './kind.js';
import { kubeconfig } from './kubeconfig.js';
import { module } from './module.js';
import { object } from './object.js';
import { openings } from './openings.js';
import { packages } from './packages.js';
import { sysctl } from './sysctl.js';
import { unit } from './unit.js';
import { upload } from './upload.js';
import type { Writer } from './writer.js';

/** Every kind of change, and all that writes to a host. */
export const kinds: { [K in ChangeKind]: Kind<Extract<Change, { kind: K }>> } = {
  file,
  directory,
  absent,
  upload,
  packages,
  unit,
  sysctl,
  module,
  openings,
  image,
  certificate,
  keyPair,
  kubeconfig,
  bootstrapToken,
  bootstrapKubeconfig,
  copy,
  object,
  etcdMember,
  etcdManifest,
  command,
  elsewhere: elsewhere(kindOf),
};

export function kindOf<C extends Change>(change: C): Kind<C> {
  return kinds[change.kind] as unknown as Kind<C>;
}

/** Name of a change within its step, as an approved plan gives it. */
export function nameOf(change: Change): string {
  return `${change.kind} ${kindOf(change).target(change)}`;
}

/** In order; those of one kind that follow each other together. `onStart` hears of each before it is made. */
export async function applyChanges(
  writer: Writer,
  changes: readonly Change[],
  onStart: (change: Change) => void,
): Promise<void> {
  for (const run of runsOfOneKind(changes)) {
    run.forEach(onStart);
    await kindOf(run[0]!).apply(writer, run);
  }
}

function runsOfOneKind(changes: readonly Change[]): Change[][] {
  const runs: Change[][] = [];
  for (const change of changes) {
    if (runs.at(-1)?.[0]!.kind === change.kind) runs.at(-1)!.push(change);
    else runs.push([change]);
  }
  return runs;
}
