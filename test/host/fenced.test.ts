import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FencedDoor } from '../../src/host/fenced.js';
import type { FenceToken, Runs } from '../../src/host/fenced.js';
import { localDoor } from './local-door.js';

const first: FenceToken = {
  cluster: 'prod',
  runId: 'run-a',
  generation: 1,
  step: 'startEtcdMember',
  gateAttempt: 1,
  attempt: 1,
  who: 'ann@laptop',
};

const rows: { title: string; before: Partial<FenceToken>[]; then: Partial<FenceToken>; result: string | RegExp }[] = [
  { title: 'the first write to a host', before: [], then: {}, result: 'written' },
  { title: 'the same token again', before: [{}], then: {}, result: 'written' },
  { title: 'another step of the same run', before: [{}], then: { step: 'claimHost' }, result: 'written' },
  { title: 'a newer attempt', before: [{}], then: { attempt: 2 }, result: 'written' },
  {
    title: 'an older attempt',
    before: [{ attempt: 2 }],
    then: {},
    result: /^HOST_FENCED.*newer attempt of startEtcdMember/,
  },
  {
    title: 'an older attempt of another step',
    before: [{ attempt: 2 }],
    then: { step: 'claimHost' },
    result: 'written',
  },
  { title: 'a retry from the gate', before: [{ attempt: 5 }], then: { gateAttempt: 2 }, result: 'written' },
  { title: 'what the gate has retried', before: [{ gateAttempt: 2 }], then: { attempt: 9 }, result: /^HOST_FENCED/ },
  {
    title: 'a newer run',
    before: [{ attempt: 7, gateAttempt: 3 }],
    then: { runId: 'run-b', generation: 2 },
    result: 'written',
  },
  {
    title: 'an older run',
    before: [{ runId: 'run-b', generation: 2, who: 'bob@desk' }],
    then: { attempt: 9 },
    result: /^HOST_FENCED.*run-b of cluster prod, started by bob@desk/,
  },
  {
    title: 'another run of the same generation',
    before: [{ who: 'bob@desk' }],
    then: { runId: 'run-b', attempt: 9 },
    result: /^HOST_BUSY.*run-a of cluster prod, started by bob@desk/,
  },
];

test.each(rows)('$title: $result', async ({ before, then, result }) => {
  const door = await localDoor();
  for (const token of before) await write({ ...first, ...token });

  const answer = await write({ ...first, ...then }).catch((error) => `${error.code}: ${error.message}`);

  expect(answer).toEqual(typeof result === 'string' ? result : expect.stringMatching(result));

  function write(token: FenceToken): Promise<string> {
    return new FencedDoor(door, token).write('writing', 'printf written');
  }
});

test('the script gets its arguments and its standard input, and nothing stays behind', async () => {
  const door = await localDoor();

  const said = await new FencedDoor(door, first).write('echoing', 'cat; printf "%s|" "$@"', {
    args: ['a b', ''],
    stdin: 'secret ',
  });

  expect(said).toBe('secret a b||');
  expect(await readdir(join(door.root, 'run/temper'))).toEqual([]);
});

test('what was cut off on its way has no effect', async () => {
  const door = await localDoor();
  const dying: Runs = { ...door, run: (script, options) => door.run(script, { ...options, stdin: 'half' }) };

  const writing = new FencedDoor(dying, first).write('writing', 'cat >"$state/file"', { stdin: 'half and half' });

  await expect(writing).rejects.toMatchObject({ code: 'SSH_UNREACHABLE' });
  expect(await readdir(door.root, { recursive: true })).not.toContain('var/lib/temper/file');
});

test('a failing script is named with what it said', async () => {
  const door = await localDoor();

  const writing = new FencedDoor(door, first).write('mounting', 'echo one; echo two >&2; exit 32');

  await expect(writing).rejects.toMatchObject({
    code: 'COMMAND_FAILED',
    message: 'h1: mounting ended with 32: two',
    evidence: 'one\n\ntwo',
  });
});

test('effects come one after another, and never half', async () => {
  const door = await localDoor();
  const fenced = new FencedDoor(door, first);
  const effect = 'count=$(cat "$state/count" 2>/dev/null || echo 0); sleep 0.02; echo $((count + 1)) >"$state/count"';

  await Promise.all(Array.from({ length: 10 }, () => fenced.write('counting', effect)));

  expect(await readFile(join(door.root, 'var/lib/temper/count'), 'utf8')).toBe('10\n');
});
