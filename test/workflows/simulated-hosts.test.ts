import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runbookOf } from '../../src/workflows/runbook/phases.js';
import { sampleClusterOf } from '../sample-cluster.js';
import { openBench } from './bench.js';

/** Of each activity on a real host, in milliseconds; `node dist/bench/cluster.js --record` writes them anew. */
const latencies = JSON.parse(readFileSync(new URL('latencies.json', import.meta.url), 'utf8')) as Record<
  string,
  number
>;

/** TEMPER_SPEED=1 shows how long it really takes. */
const speed = Number(process.env.TEMPER_SPEED ?? 50);

test.each([
  [10, 4],
  [50, 10],
])(
  '%i hosts, at most %i of them at once, become a cluster side by side',
  async (count, atOnce) => {
    const cluster = sampleClusterOf(rolesOf(count));
    const { hosts, start, startWorker } = await openBench({ spec: cluster.spec });
    hosts.latencyOf = (activity) => (latencies[activity] ?? 0) / speed;
    await startWorker();

    const begun = performance.now();
    const summary = await (await start({ approve: 'any plan', atOnce })).result();
    const seconds = (performance.now() - begun) / 1000;

    const alone = cluster.hosts.map((host) => runbookOf(cluster, host).map(({ step }) => latencies[step] ?? 0));
    const oneByOne = alone.flat().reduce((sum, each) => sum + each, 0) / 1000 / speed;
    process.stderr.write(
      `${count} hosts, ${atOnce} at once, at ${speed} times the speed: ${seconds.toFixed(1)} s; one after the other their steps take ${oneByOne.toFixed(1)} s\n`,
    );
    expect(summary.hosts).toHaveLength(count);
    expect(hosts.calls).toHaveLength(alone.flat().length);
    expect(hosts.busiest).toBeLessThanOrEqual(atOnce);
    expect(hosts.busiest).toBeGreaterThan(atOnce / 2);
  },
  1_800_000,
);

/** Three control planes, the rest worker nodes. */
function rolesOf(count: number): Record<string, string[]> {
  const names = Array.from({ length: count }, (_, index) => (index < 3 ? `cp${index + 1}` : `w${index - 2}`));
  return Object.fromEntries(
    names.map((name, index) => [
      name,
      index === 0 ? ['bootstrap', 'control-plane'] : [index < 3 ? 'control-plane' : 'worker'],
    ]),
  );
}
