import { expect, it } from 'vitest';
import { preflightChecks } from '../../../src/activities/preflight/preflight.js';
import { preflightNames } from '../../../src/cluster/preflight-names.js';

it('every check of a host can be named by preflight.ignore', () => {
  const unknown = preflightChecks.filter(
    ({ name }) => !preflightNames.includes(name) && !preflightNames.includes(`${name}-`),
  );

  expect(unknown.map(({ name }) => name)).toEqual([]);
});
