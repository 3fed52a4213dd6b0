import type { BootstrapInput, ClusterSummary } from './messages.js';
import { carryOut, type Begun, type Run } from './run.js';

/** The whole bootstrap, to be read in a minute. Start reading here; each phase is a list of steps in runbook/. */
export async function bootstrap(input: BootstrapInput): Promise<ClusterSummary> {
  return carryOut(input, async (run) => {
    await run.lookAtHosts(); // Changes nothing; all findings at once, and no gate.
    await run.checkNetwork(); // Nor does this, with all hosts at once.
    await run.agreeOnPlan(); // From here on a step that fails waits for a person.

    const ready = run.start('ready-host');
    const serving = run.start('prepare-bootstrap-host', { after: ready });
    const prepared = run.start('prepare-host', { after: ready, once: serving }); // Each at its own pace.
    run.start('pull-images', { after: prepared }); // The kubelet pulls what it needs sooner.
    await Promise.all([startKubernetes(run, prepared), startSalt(run, prepared)]);

    return await run.verify();
  });
}

async function startKubernetes(run: Run, prepared: Begun): Promise<void> {
  await run.phase('start-etcd', { after: prepared }); // Only where etcd has hosts of its own.
  await run.phase('join-etcd', { after: prepared, oneByOne: true }); // etcd takes in one member at a time.
  await run.phase('start-control-plane', { after: prepared });
  const addOns = run.start('install-addons');
  const certified = run.start('copy-certificates', { after: prepared });
  const storing = run.start('extend-etcd', { after: certified, oneByOne: true });
  await run.phase('complete-control-plane');
  const controlPlanes = run.start('join-control-plane', { after: storing });
  const workerNodes = run.start('join-worker-node', { after: prepared });
  await run.phase('confirm-node', { after: [controlPlanes, workerNodes], once: addOns }); // No node is Ready before.
}

async function startSalt(run: Run, prepared: Begun): Promise<void> {
  await run.phase('start-salt-master', { after: prepared });
  await run.phase('connect-salt', { after: prepared });
}
