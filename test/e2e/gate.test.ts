import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ended, startFixture } from './fixture.js';
import type { Ended, Fixture } from './fixture.js';

let fixture: Fixture;
let blocked: Ended;

/** What a person left behind, twice: each stands where a step wants to write a file. */
const obstacles = { first: '/etc/containerd/config.toml', second: '/etc/temper/nginx/nginx.conf' };

beforeAll(async () => {
  fixture = await startFixture('gate');
  for (const path of Object.values(obstacles)) await fixture.lab.execOrThrow('cp1', ['mkdir', '-p', `${path}/keep`]);
  blocked = await fixture.temper('bootstrap', fixture.spec, '--yes');
});

afterAll(() => fixture?.end());

describe('a step that fails for good', () => {
  test('waits for a person: exit code 3, the step, the reason, and what to type', async () => {
    expect(blocked.code).toBe(3);
    const { stdout } = await fixture.temper('status', fixture.spec);

    expect(stdout).toContain('configureContainerd');
    expect(stdout).toContain(obstacles.first);
    expect(stdout).toMatch(/temper retry/);
  });

  test('keeps no other command waiting, and refuses a second run with another cluster.yaml', async () => {
    await fixture.writeSpec((text) => text.concat('  images:\n    onlyBundle: true\n'));

    const second = await fixture.temper('bootstrap', fixture.spec, '--yes');
    await fixture.writeSpec();

    expect(second.code).toBe(3);
    expect(second.stderr).toContain('images.onlyBundle');
  });

  test('cannot be skipped when later steps need it', async () => {
    const { code, stderr } = await fixture.temper('skip', fixture.spec, '--note', 'no time');

    expect(code).not.toBe(0);
    expect(stderr).toContain('cannot be skipped');
  });

  test('blocks again when nothing was mended', async () => {
    await fixture.temper('retry', fixture.spec);

    const again = await fixture.temper('bootstrap', fixture.spec);

    expect(again.code).toBe(3);
  });

  test('goes on from there once the cause is mended and somebody says retry', async () => {
    await fixture.lab.execOrThrow('cp1', ['rm', '-r', obstacles.first]);

    expect(await fixture.temper('retry', fixture.spec)).toMatchObject({ code: 0 });

    const next = await fixture.temper('bootstrap', fixture.spec);
    expect(next.code).toBe(3);
    expect(next.stderr).toContain('startRegistry');
  });

  test('takes the same answer from the Web UI: an update or a signal, with a description of what to give', async () => {
    const { stdout } = await fixture.temper('up', '--json');
    const { address, temporalNamespace } = JSON.parse(stdout) as { address: string; temporalNamespace: string };
    const connection = await Connection.connect({ address });
    const workflow = new Client({ connection, namespace: temporalNamespace }).workflow;
    const handle = workflow.getHandle(`temper-${fixture.lab.state.prefix}/prepare-bootstrap-host/cp1`);
    const attempt = await blockedAttempt();
    const answer = { step: 'startRegistry', attempt, action: 'abort', note: 'enough for today', by: 'somebody' };
    const metadata = await handle.query<{ definition: { updateDefinitions: { name: string; description: string }[] } }>(
      '__temporal_workflow_metadata',
    );

    const stale = handle.executeUpdate('resolveStep', { args: [{ ...answer, attempt: attempt + 1 }] });
    await expect(stale).rejects.toThrow();
    await handle.signal('resolveStep', answer);

    const described = metadata.definition.updateDefinitions.find(({ name }) => name === 'resolveStep');
    expect(described?.description).toContain('"retry" | "skip" | "abort"');
    const { code } = await fixture.temper('watch', fixture.spec);
    expect(code).toBe(5);
    await connection.close();
  });
});

test('after an abort the host stays as it is, and a new bootstrap goes on from there', async () => {
  const containerd = await fixture.lab.execOrThrow('cp1', 'systemctl show -P ActiveEnterTimestampMonotonic containerd');
  await fixture.lab.execOrThrow('cp1', ['rm', '-r', obstacles.second]);

  const anew = ended(fixture.startTemper('bootstrap', fixture.spec, '--yes'));
  await expect.poll(() => fixture.isDone('startRegistry'), { timeout: 120_000, interval: 2000 }).toBe(true);
  const abort = await fixture.temper('abort', fixture.spec);

  expect(abort, abort.stderr).toMatchObject({ code: 0 });
  expect(await anew).toMatchObject({ code: 5 });
  expect(await fixture.lab.execOrThrow('cp1', 'systemctl show -P ActiveEnterTimestampMonotonic containerd')).toBe(
    containerd,
  );
});

async function blockedAttempt(): Promise<number> {
  const { stdout } = await fixture.temper('status', fixture.spec, '--json');
  const view = JSON.parse(stdout) as { progress: { blocked: { attempt: number }[] } };
  return view.progress.blocked[0]!.attempt;
}
