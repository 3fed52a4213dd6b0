import { beforeEach, describe, expect, test } from 'vitest';
import { madeAnewHint } from '../../../src/activities/steps/configure-kubelet.js';
import { paths } from '../../../src/cluster/paths.js';
import { sampleClusterOf } from '../../sample-cluster.js';
import { apply } from '../fake-changes.js';
import { hostIn, textOf, type FakeWorld } from '../fake-host.js';
import { bootstrapInMemory, callsOf, perform } from '../sample-bootstrap.js';

const config = `${paths.kubelet}/config.yaml`;
let world: FakeWorld;

beforeEach(async () => {
  world = (await bootstrapInMemory(clusterWith({ maxPods: 1 }))).finished;
});

describe.each(['cp1', 'cp2', 'w1'])("the kubelet's configuration on %s", (host) => {
  test("is the user's once it is there", async () => {
    await startKubelet(host, { maxPods: 2 });

    expect(textOf(hostIn(world, host), config)).toContain('maxPods: 1\n');
  });

  test('is made anew from cluster.yaml when it was removed, as the hint of a kubelet that does not start says', async () => {
    expect(madeAnewHint).toContain(`rm ${config} on the host`);
    apply(hostIn(world, host), { kind: 'absent', path: config });

    const changes = await startKubelet(host, { maxPods: 2 });

    expect(textOf(hostIn(world, host), config)).toContain('maxPods: 2\n');
    expect(changes.at(-1)).toMatchObject({ kind: 'unit', name: 'kubelet' });
  });
});

function clusterWith(kubeletConfiguration: object) {
  const roles = { cp1: ['bootstrap', 'control-plane'], cp2: ['control-plane'], w1: ['worker'] };
  return sampleClusterOf(roles, { kubernetes: { kubeletConfiguration } });
}

/** Does the steps of kubelets, and returns what they changed. */
async function startKubelet(host: string, kubeletConfiguration: object) {
  const steps = ['startStandaloneKubelet', 'configureKubelet', 'startJoiningKubelet'];
  const calls = callsOf(clusterWith(kubeletConfiguration)).filter((call) => call.host === host);
  const changes: Awaited<ReturnType<typeof perform>> = [];
  for (const call of calls) if (steps.includes(call.step)) changes.push(...(await perform(call, world)));
  return changes;
}
