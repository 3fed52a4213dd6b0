import { richRule, waysOf, type Openings } from '../../cluster/openings.js';
import type { Change } from '../changes/change.js';
import type { FirewallRules } from '../facts/facts.js';
import { defineStep } from '../step.js';

/** Only adds, and only where firewalld runs: rules for a host that has left the spec stay until somebody takes them away. */
export const openFirewall = defineStep({
  title: 'Open the firewall',
  truth: 'kept',
  read: ({ facts }, _input: Openings) => facts.firewall(),
  plan: (input, { runs, permanent, runtime }): Change[] => {
    if (!runs) return [];
    const isMissing = (kind: keyof FirewallRules) => (rule: string) =>
      !permanent[kind].includes(rule) || !runtime[kind].includes(rule);
    const richRules = waysOf(input).map(richRule).filter(isMissing('richRules'));
    const trustedSources = input.trustedSources.filter(isMissing('trustedSources'));
    return richRules.length || trustedSources.length ? [{ kind: 'openings', richRules, trustedSources }] : [];
  },
});
