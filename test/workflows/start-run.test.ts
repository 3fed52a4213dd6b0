import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { startBootstrap } from '../../src/cli/start-run.js';
import { sampleSpec } from '../sample-cluster.js';
import { openBench } from './bench.js';

const spec = () => ({ ...sampleSpec(), name: `c-${randomUUID().slice(0, 8)}` });

test('a second bootstrap with the same cluster.yaml attaches to the open run', async () => {
  const { client } = await openBench();
  const mine = spec();

  const first = await startBootstrap(client, { spec: mine }, 'cluster.yaml');
  const second = await startBootstrap(client, { spec: structuredClone(mine) }, 'cluster.yaml');

  expect(first.attached).toBe(false);
  expect(second).toEqual({ runId: first.runId, attached: true });
});

test('a bootstrap with another cluster.yaml is refused while one is open, and told what differs', async () => {
  const { client } = await openBench();
  const mine = spec();
  await startBootstrap(client, { spec: mine }, 'cluster.yaml');
  const other = { ...mine, networks: { ...mine.networks, pods: '10.99.0.0/16' } };

  const refused = await startBootstrap(client, { spec: other }, 'cluster.yaml').catch((error: unknown) => error);

  expect(refused).toMatchObject({ code: 'RUN_OPEN', message: expect.stringContaining('networks.pods') });
  expect(refused).toMatchObject({ hint: expect.stringContaining(`temper abort ${mine.name}`) });
});

test('after an abort another bootstrap may begin', async () => {
  const { client } = await openBench();
  const mine = spec();
  const { runId } = await startBootstrap(client, { spec: mine }, 'cluster.yaml');
  await client.workflow.getHandle(`temper-${mine.name}`, runId).terminate();

  const next = await startBootstrap(client, { spec: { ...mine, bundle: '/elsewhere' } }, 'cluster.yaml');

  expect(next.attached).toBe(false);
  expect(next.runId).not.toBe(runId);
});
