import { proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.js';
import type { Cluster } from '../cluster/cluster.js';
import { failureOf } from './failure.js';
import { hostTarget } from './host-target.js';
import { patience, pauseBetweenTries, triesOf } from './patience.js';

const reading = proxyActivities<Activities>(patience.read);

/** Asks a host for the effect of every step, as often as a step is tried: after a power cut it answers before its API server does. */
export async function verifyHost(cluster: Cluster, host: string): Promise<void> {
  const call = { host: hostTarget(cluster.spec, host), cluster };
  for (let tries = 1; ; tries++) {
    try {
      const options = { ...patience.read, summary: `${host}: does everything work?` };
      return await reading.verifyHost.executeWithOptions(options, [call]);
    } catch (error) {
      if (tries >= triesOf(failureOf(error).code)) throw error;
      await sleep(pauseBetweenTries, { summary: `${host}: not everything works yet, asking again` });
    }
  }
}
