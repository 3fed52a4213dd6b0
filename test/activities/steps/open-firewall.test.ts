import { expect, test } from 'vitest';
import { openFirewall } from '../../../src/activities/steps/open-firewall.js';

const wanted = { richRules: ['rule a', 'rule b'], trustedSources: ['10.233.0.0/16'] };
const none = { richRules: [], trustedSources: [] };

test.each([
  ['nothing where firewalld does not run', { runs: false, permanent: none, runtime: none }, undefined],
  ['nothing when all is open', { runs: true, permanent: wanted, runtime: wanted }, undefined],
  ['everything on a bare host', { runs: true, permanent: none, runtime: none }, wanted],
  [
    'what a reload would drop',
    { runs: true, permanent: { ...wanted, richRules: ['rule a'] }, runtime: wanted },
    { richRules: ['rule b'], trustedSources: [] },
  ],
  [
    'what only a reload would bring',
    { runs: true, permanent: wanted, runtime: { ...wanted, trustedSources: [] } },
    { richRules: [], trustedSources: ['10.233.0.0/16'] },
  ],
])('opens %s', (_, present, opened) => {
  expect(openFirewall.plan(wanted, present)).toEqual(opened ? [{ kind: 'openings', ...opened }] : []);
});
