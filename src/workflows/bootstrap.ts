import type { BootstrapInput, ClusterSummary } from './messages.js';
import { carryOut, type Begun, type Run } from './run.js';

/** The whole bootstrap, to be read in a minute. Start reading here; each phase is a list of steps in runbook/. */
export async function bootstrap(input: BootstrapInput): Promise<ClusterSummary> {
  return carryOut(input, async (run) => {
    await run.lookAtHosts(); // Changes nothing; all findings at once, and no gate.
    await run.checkNetwork(); // Nor does this, with all hosts at once.
    await run.agreeOnPlan(); // From here on a step that fails waits for a person.

    await run.phase('prepare-bootstrap-host');
    const prepared = run.start('prepare-host'); // Each at its own pace, while the control plane starts.
    await Promise.all([
      run.phase('pull-images'), // The kubelet pulls what it needs sooner.
      startKubernetes(run, prepared),
      startSalt(run, prepared),
    ]);

    return await run.verify();
  });
}

async function startKubernetes(run: Run, prepared: Begun): Promise<void> {
  await run.phase('start-etcd', { after: prepared }); // Only where etcd has hosts of its own.
  await run.phase('join-etcd', { after: prepared, oneByOne: true }); // It takes in one member at a time.
  await run.phase('start-control-plane', { after: prepared });
  await Promise.all([run.phase('complete-control-plane'), run.phase('install-addons')]);
  await Promise.all([
    run.phase('join-control-plane', { after: prepared, oneByOne: true }), // etcd, again.
    run.phase('join-worker-node', { after: prepared }),
  ]);
}

async function startSalt(run: Run, prepared: Begun): Promise<void> {
  await run.phase('start-salt-master');
  await run.phase('connect-salt', { after: prepared });
}
