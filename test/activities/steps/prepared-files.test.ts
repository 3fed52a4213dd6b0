import { expect, test } from 'vitest';
import { steps } from '../../../src/activities/steps/index.js';
import type { Step } from '../../../src/activities/step.js';
import { phases } from '../../../src/workflows/runbook/phases.js';
import { sampleCluster } from '../../sample-cluster.js';
import { bareHost, hostView } from '../fake-host.js';

test.each(await filesOfAPreparedHost())('$path is as an operator would write it', async ({ path, content }) => {
  await expect(content).toMatchFileSnapshot(`../../golden${path}`);
});

async function filesOfAPreparedHost(): Promise<{ path: string; content: string }[]> {
  const cluster = sampleCluster({ containerd: { config: 'version = 3\n' } });
  const files = [];
  for (const entry of phases['prepare-bootstrap-host'].entries) {
    const step = steps[entry.step] as Step<unknown, unknown>;
    const input = entry.input(cluster, cluster.hosts[0]!);
    const changes = step.plan(input, await step.read(hostView(bareHost()), input));
    files.push(...changes.filter((change) => change.kind === 'file'));
  }
  return files;
}
