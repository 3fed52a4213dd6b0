import { expect, test } from 'vitest';
import { openFirewall } from '../../../src/activities/steps/open-firewall.js';
import type { Openings } from '../../../src/cluster/openings.js';

const input: Openings = {
  audiences: { hosts: ['10.0.0.12', '10.0.0.13'] },
  openings: [{ protocol: 'tcp', port: 8443, to: ['10.0.0.11'], from: 'hosts' }],
  trustedSources: ['10.233.0.0/16'],
};
const rules = ['10.0.0.12', '10.0.0.13'].map(
  (from) =>
    `rule family="ipv4" source address="${from}" destination address="10.0.0.11" port port="8443" protocol="tcp" accept`,
);
const wanted = { richRules: rules, trustedSources: ['10.233.0.0/16'] };
const none = { richRules: [], trustedSources: [] };

test.each([
  ['nothing where firewalld does not run', { runs: false, permanent: none, runtime: none }, undefined],
  ['nothing when all is open', { runs: true, permanent: wanted, runtime: wanted }, undefined],
  ['everything on a bare host', { runs: true, permanent: none, runtime: none }, wanted],
  [
    'what a reload would drop',
    { runs: true, permanent: { ...wanted, richRules: rules.slice(0, 1) }, runtime: wanted },
    { richRules: rules.slice(1), trustedSources: [] },
  ],
  [
    'what only a reload would bring',
    { runs: true, permanent: wanted, runtime: { ...wanted, trustedSources: [] } },
    { richRules: [], trustedSources: ['10.233.0.0/16'] },
  ],
])('opens %s', (_, present, opened) => {
  expect(openFirewall.plan(input, present)).toEqual(opened ? [{ kind: 'openings', ...opened }] : []);
});
