import type { BootstrapInput, PlannedCluster } from './messages.js';
import { carryOut } from './run.js';

/** What `bootstrap` would change, host by host. Changes nothing. */
export async function planCluster(input: BootstrapInput): Promise<PlannedCluster> {
  return carryOut({ ...input, approve: 'any plan' }, async (run) => {
    await run.lookAtHosts();
    await run.checkNetwork();
    return await run.agreeOnPlan();
  });
}
