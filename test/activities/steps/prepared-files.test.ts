import { expect, test } from 'vitest';
import type { Cluster } from '../../../src/cluster/cluster.js';
import { steps } from '../../../src/activities/steps/index.js';
import type { Step } from '../../../src/activities/step.js';
import { phases } from '../../../src/workflows/runbook/phases.js';
import { sampleCluster } from '../../sample-cluster.js';
import { bareHost, hostView } from '../fake-host.js';

const spec = { containerd: { config: 'version = 3\n' } };
const rocky = { id: 'rocky', versionId: '9.5', prettyName: 'Rocky Linux 9.5', family: 'rhel' } as const;
const debian = await filesOfAPreparedHost(sampleCluster(spec));
const rhel = await filesOfAPreparedHost(sampleCluster(spec, { os: rocky }));
const onlyOfRhel = rhel.filter(({ path }) => !debian.some((other) => other.path === path));

test.each([...debian, ...onlyOfRhel])('$path is as an operator would write it', async ({ path, content }) => {
  await expect(content).toMatchFileSnapshot(`../../golden${path}`);
});

test('on a host like RHEL it is only the package repository that differs', () => {
  const rest = (files: typeof debian) => files.filter(({ path }) => !/^\/etc\/temper\/(apt|dnf)\//.test(path));

  expect(onlyOfRhel.map(({ path }) => path)).toEqual(['/etc/temper/dnf/temper.asc', '/etc/temper/dnf/dnf.conf']);
  expect(rest(rhel)).toEqual(rest(debian));
});

async function filesOfAPreparedHost(cluster: Cluster): Promise<{ path: string; content: string }[]> {
  const files = [];
  for (const entry of [...phases['ready-host'].entries, ...phases['prepare-bootstrap-host'].entries]) {
    const step = steps[entry.step] as Step<unknown, unknown>;
    const input = entry.input(cluster, cluster.hosts[0]!);
    const changes = step.plan(input, await step.read(hostView(bareHost()), input));
    files.push(...changes.filter((change) => change.kind === 'file'));
  }
  return files;
}
