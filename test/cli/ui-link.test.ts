import { expect, test } from 'vitest';
import type { Connected } from '../../src/cli/client.js';
import { detailsLink, runLink } from '../../src/cli/ui-link.js';

const access = { connectionOptions: {}, temporalNamespace: 'temper' };
const run = { cluster: 'prod', runId: 'r1' };

test('links lead to the run, and to what it waits for', () => {
  const connected = { access, ui: 'http://127.0.0.1:8233' } as Connected;

  expect(runLink(connected, run)).toBe('http://127.0.0.1:8233/namespaces/temper/workflows/temper-prod/r1');
  expect(detailsLink(connected, run)).toBe(`${runLink(connected, run)}/user-metadata`);
});

test('of a server that somebody else runs no link is known', () => {
  expect(detailsLink({ access } as Connected, run)).toBeUndefined();
});
