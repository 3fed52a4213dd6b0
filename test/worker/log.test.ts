import { expect, test } from 'vitest';
import { logLine } from '../../src/worker/log.js';

const entry = { level: 'WARN', timestampNanos: 1_700_000_000_000_000_000n } as const;

test('a line is one JSON object with its time', () => {
  const line = logLine({ ...entry, message: 'two\nlines', meta: { workflowId: 'w', count: 1n } });

  expect(line).not.toContain('\n');
  expect(JSON.parse(line)).toEqual({
    time: '2023-11-14T22:13:20.000Z',
    level: 'WARN',
    message: 'two\nlines',
    workflowId: 'w',
    count: '1',
  });
});

test('no key and no token reaches the log, however deep it lies', () => {
  const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----';
  const error = new Error(`kubeadm said ${key}`, { cause: new Error('token abcdef.0123456789abcdef') });

  const line = logLine({ ...entry, message: 'Activity failed', meta: { error } });

  expect(line).not.toMatch(/MIIEow|0123456789abcdef/);
  expect(line).toContain('kubeadm said');
});
