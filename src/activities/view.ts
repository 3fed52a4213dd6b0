import { setTimeout as sleep } from 'node:timers/promises';
import { TemperError } from '../cluster/errors.js';
import type { Door } from '../host/door.js';
import type { Doors } from '../host/doors.js';
import type { HostTarget } from '../host/target.js';
import { createFacts, createPresent } from './facts/create-facts.js';
import type { Ask } from './facts/question.js';
import type { HostView } from './step.js';

/** A host as it is seen from now on: facts are read once, so after a write it takes a new view. It is reached when it is asked for the first time. */
export async function viewOf(host: HostTarget, doors: Doors, signal?: AbortSignal): Promise<HostView> {
  const views = new Map<string, Promise<HostView>>();
  const look = (target: HostTarget): Promise<HostView> => {
    const view = views.get(target.name) ?? open(target);
    views.set(target.name, view);
    return view;
  };
  const open = async (target: HostTarget) => {
    const ask: Ask = async (script, options) => askThrough(await doors.to(target), signal)(script, options);
    return viewThrough(ask, target, look, signal);
  };
  return look(host);
}

function viewThrough(ask: Ask, { name }: HostTarget, elsewhere: HostView['elsewhere'], signal?: AbortSignal): HostView {
  return {
    name,
    facts: createFacts(ask),
    now: createPresent(ask),
    ask: (script, ...args) => ask(script, { args }),
    until: untilOn(name, signal),
    elsewhere,
  };
}

export function askThrough(door: Door, signal?: AbortSignal): Ask {
  return (script, options) => door.run(script, { ...options, signal });
}

export function untilOn(host: string, signal?: AbortSignal): HostView['until'] {
  return async (what, seconds, probe, hint) => {
    const end = Date.now() + seconds * 1000;
    for (let pause = 200; ; pause = Math.min(pause * 2, 500)) {
      const answer = await probe();
      if (answer === undefined) return;
      if (Date.now() > end) {
        throw new TemperError('NOT_READY', `${host}: waited ${seconds} s for ${what}: ${answer}`, { hint });
      }
      await sleep(pause, undefined, { signal });
    }
  };
}
