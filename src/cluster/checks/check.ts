import type { z } from 'zod';
import type { PlacedComplaint } from '../schema-complaints.js';
import type { clusterSchema } from '../spec.js';

/** One rule about what the parts of a spec mean to each other. Paths are relative to `spec`. It must do with a spec that is only half right. */
export type Check = (spec: Draft) => Iterable<PlacedComplaint>;

/** `spec` as written, without defaults, and without every part that the schema refused. */
export type Draft = Loose<z.input<typeof clusterSchema>['spec']>;

type Loose<T> = T extends (infer Item)[]
  ? (Loose<Item> | undefined)[]
  : T extends object
    ? { [Key in keyof T]?: Loose<T[Key]> }
    : T;

/** The hosts that can be looked at, each with its place in the file. Of roles with a mistake among them nothing is known. */
export function hostsOf(spec: Draft) {
  return (spec.hosts ?? []).flatMap((host, index) => {
    if (!host) return [];
    const roles = host.roles?.includes(undefined) ? [] : present(host.roles);
    return [{ ...host, index, path: ['hosts', index], roles }];
  });
}

/** The items of a list that the schema accepted. */
export function present<Item>(list: (Item | undefined)[] | undefined): Item[] {
  return (list ?? []).filter((item) => item !== undefined);
}

/** True for what was written and refused, so that nothing can be said of what it is. */
export function isRefused<Holder extends object>(holder: Holder | undefined, key: keyof Holder): boolean {
  return holder !== undefined && key in holder && holder[key] === undefined;
}
