import type { PlannedHost } from '../activities/activities.js';
import type { BootstrapInput } from './messages.js';
import { carryOut } from './run.js';

/** What `bootstrap` would change, host by host. Changes nothing. */
export async function planCluster(input: BootstrapInput): Promise<PlannedHost[]> {
  return carryOut({ ...input, approve: 'any plan' }, async (run) => {
    await run.lookAtHosts();
    return await run.agreeOnPlan();
  });
}
