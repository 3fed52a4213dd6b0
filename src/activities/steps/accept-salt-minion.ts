import type { AbsentChange, Change, CopyChange, ElsewhereChange } from '../changes/change.js';
import { acceptedKeys, masterKey, minionKey, missingSaltKey, readSaltKey, type SaltKey } from '../salt.js';
import { defineStep, type HostTarget } from '../step.js';

/**
 * The minion's key, made once on its host, and each other's public key on both sides before they ever meet: nobody is accepted for having come
 * first. A host with an empty disk makes a new key, which takes the place of the old one.
 */
export const acceptSaltMinion = defineStep({
  title: 'Accept the Salt minion',
  truth: 'kept',
  read: async (host, { id, master }: AcceptedMinion) => {
    const there = await host.elsewhere(master);
    const [own, accepted, leftovers, theirs, pinned] = await Promise.all([
      readSaltKey(host.facts, minionKey),
      there.facts.text(`${acceptedKeys}/${id}`),
      Promise.all(otherVerdicts.map((folder) => there.facts.file(`${masterKey.folder}/${folder}/${id}`))),
      readSaltKey(there.facts, masterKey),
      host.facts.text(pinnedKey),
    ]);
    return { own, accepted, leftovers, theirs, pinned };
  },
  plan: ({ id, host, master }, { own, accepted, leftovers, theirs, pinned }): Change[] => {
    const stale = otherVerdicts.filter((_, i) => leftovers[i]);
    const onMaster: (CopyChange | AbsentChange)[] = [
      ...(isSame(own.publicKey, accepted) ? [] : [publicKeyOf(host, minionKey, `${acceptedKeys}/${id}`)]),
      ...stale.map((folder): AbsentChange => ({ kind: 'absent', path: `${masterKey.folder}/${folder}/${id}` })),
    ];
    return [
      ...missingSaltKey(minionKey, own),
      ...onMaster.map((change): ElsewhereChange => ({ kind: 'elsewhere', host: master, change })),
      ...(isSame(theirs.publicKey, pinned) ? [] : [publicKeyOf(master, masterKey, pinnedKey)]),
    ];
  },
});

export interface AcceptedMinion {
  id: string;
  host: HostTarget;
  master: HostTarget;
}

const pinnedKey = `${minionKey.folder}/minion_master.pub`;

/** Where Salt puts a key of this name that it does not accept. */
const otherVerdicts = ['minions_pre', 'minions_denied', 'minions_rejected'];

function isSame(wanted: string | undefined, present: string | undefined): boolean {
  return wanted !== undefined && wanted === present;
}

function publicKeyOf(host: HostTarget, { folder, name }: SaltKey, path: string): CopyChange {
  return { kind: 'copy', path, mode: '0644', from: { host, path: `${folder}/${name}.pub` }, replace: true };
}
