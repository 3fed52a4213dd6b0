import { ApplicationFailure } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, test, vi } from 'vitest';
import { activityEdge, failureOf } from '../../src/activities/heartbeat.js';
import { thisMoment } from '../../src/activities/moment.js';
import { TemperError } from '../../src/cluster/errors.js';

const secret = '-----BEGIN EC PRIVATE KEY-----\nMARK\n-----END EC PRIVATE KEY-----';

const rows: { error: unknown; failure: object }[] = [
  {
    error: new TemperError('COMMAND_FAILED', `h1: it said ${secret}`, { hint: 'look', evidence: `a ${secret}` }),
    failure: {
      type: 'COMMAND_FAILED',
      message: 'h1: it said <private key>',
      nonRetryable: true,
      details: [{ hint: 'look', evidence: 'a <private key>' }],
    },
  },
  { error: new TemperError('SSH_UNREACHABLE', 'gone'), failure: { type: 'SSH_UNREACHABLE', nonRetryable: false } },
  { error: new TypeError('a bug'), failure: { type: 'UNEXPECTED', message: 'a bug', nonRetryable: true } },
  { error: ApplicationFailure.retryable('as it is', 'OWN'), failure: { type: 'OWN', nonRetryable: false } },
];

test.each(rows)('$error leaves as $failure', ({ error, failure }) => {
  expect(failureOf(error)).toMatchObject(failure);
});

test('an activity beats each second with what it shows, without secrets', async () => {
  const environment = new MockActivityEnvironment({}, { interceptors: [activityEdge] });
  const beats: unknown[] = [];
  environment.on('heartbeat', (line) => beats.push(line));

  await environment.run(async () => {
    thisMoment().show(`writing ${secret}`);
    await vi.waitUntil(() => beats.length === 2, { timeout: 30_000 });
  });

  expect(beats).toEqual(['writing <private key>', 'writing <private key>']);
});

test('however an activity ends that was called off, the reason is why', async () => {
  const environment = new MockActivityEnvironment({}, { interceptors: [activityEdge] });

  const running = environment.run(async () => {
    const { signal } = thisMoment();
    await new Promise((_, reject) =>
      signal.addEventListener('abort', () => reject(new DOMException('off', 'AbortError'))),
    );
  });
  environment.cancel('PAUSED');

  await expect(running).rejects.toBeInstanceOf(CancelledFailure);
});
