import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { stateFolder } from '../../src/worker/settings.js';

afterEach(() => vi.unstubAllEnvs());

test.each([
  ['/var/lib/temper-1', '/srv/state', '/var/lib/temper-1'],
  ['', '/srv/state', '/srv/state/temper'],
  ['', '', join(homedir(), '.local/state/temper')],
])('with TEMPER_STATE %j and XDG_STATE_HOME %j the state lies in %s', (own, xdg, expected) => {
  vi.stubEnv('TEMPER_STATE', own);
  vi.stubEnv('XDG_STATE_HOME', xdg);

  expect(stateFolder()).toBe(expected);
});
