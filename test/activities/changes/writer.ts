import type { Writer } from '../../../src/activities/changes/writer.js';
import { FencedDoor } from '../../../src/host/fenced.js';
import { localDoor } from '../../host/local-door.js';

/** Writes into a temporary folder of this machine by the scripts that hosts get. */
export async function localWriter(): Promise<Writer & { root: string }> {
  const door = await localDoor();
  const token = { cluster: 'prod', runId: 'run', generation: 1, step: 'step', gateAttempt: 1, attempt: 1, who: 'test' };
  const fenced = new FencedDoor(door, token);
  const unused = () => Promise.reject(new Error('not on this machine'));
  return {
    root: door.root,
    host: 'h1',
    ask: (script, options) => door.run(script, options),
    write: (what, script, options) => fenced.write(what, script, options),
    until: unused,
    long: unused,
    elsewhere: unused,
    knock: unused,
  };
}
