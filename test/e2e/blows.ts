import { setTimeout as sleep } from 'node:timers/promises';

import { etcdMembersAtOnce } from './etcd-members.js';
import { ended } from './fixture.js';
import type { Ended, Fixture } from './fixture.js';

/** The second of three control planes has its vote, the third was added a moment ago. */
export const lastJoins = /^cp1 votes,cp[23] votes,unstarted learns$/;

/**
 * Bootstraps three control planes, though the worker is killed whenever etcd has a new learner or a learner has started, and the host that joins
 * etcd last loses power. `blows`: what etcd looked like when each of them fell.
 */
export async function bootstrapUnderBlows(fixture: Fixture): Promise<{ end: Ended; blows: string[] }> {
  await fixture.temper('up');
  const bootstrap = fixture.startTemper('bootstrap', fixture.spec, '--yes');
  const ending = ended(bootstrap);
  const blows: string[] = [];
  while (bootstrap.exitCode === null) {
    const seen = (await etcdMembersAtOnce(fixture, 'cp1')).join();
    if (seen.includes('learns') && !blows.includes(seen) && (await fixture.kill('worker'))) {
      blows.push(seen);
      if (lastJoins.test(seen)) {
        const last = seen.includes('cp2') ? 'cp3' : 'cp2';
        await fixture.lab.powerCut(last);
        await fixture.lab.powerOn(last);
      }
    }
    await Promise.race([ending, sleep(300)]);
  }
  return { end: await ending, blows };
}
