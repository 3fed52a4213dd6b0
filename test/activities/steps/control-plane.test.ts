import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Change } from '../../../src/activities/changes/change.js';
import { steps } from '../../../src/activities/steps/index.js';
import type { Step } from '../../../src/activities/step.js';
import { entriesOf } from '../../../src/workflows/runbook/phases.js';
import { sampleCluster } from '../../sample-cluster.js';
import { bareHost, hostView } from '../fake-host.js';

const planned = await changesOnABareHost();

const manifests = planned.flatMap(({ change }) =>
  change.kind === 'file' && /manifests/.test(change.path) ? [change] : [],
);
test.each(manifests)('$path is as kubeadm writes it', async ({ path, content, mode }) => {
  expect(mode).toBe('0600');
  await expect(content).toMatchFileSnapshot(`../../golden${path}`);
});

const objects = planned.flatMap(({ step, change }) =>
  change.kind === 'object' ? [{ step, object: change.object }] : [],
);
test.each([...new Set(objects.map(({ step }) => step))])('%s makes these objects', async (name) => {
  const made = objects.filter(({ step }) => step === name).map(({ object }) => stringify(object, { lineWidth: 0 }));

  await expect(made.join('---\n')).toMatchFileSnapshot(`../../golden/objects/${name}.yaml`);
});

async function changesOnABareHost(): Promise<{ step: string; change: Change }[]> {
  const cluster = sampleCluster();
  const host = cluster.hosts[0]!;
  const changes = [];
  const phases = ['start-control-plane', 'complete-control-plane', 'install-addons'] as const;
  for (const entry of phases.flatMap((phase) => entriesOf(phase, cluster, host))) {
    const step = steps[entry.step] as Step<unknown, unknown>;
    const input = entry.input(cluster, host);
    const ofStep = step.plan(input, await step.read(hostView(bareHost()), input));
    changes.push(...ofStep.map((change) => ({ step: entry.step, change })));
  }
  return changes;
}
