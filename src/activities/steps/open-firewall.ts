import type { Change } from '../changes/change.js';
import type { FirewallRules } from '../facts/facts.js';
import { defineStep } from '../step.js';

/** Only adds, and only where firewalld runs. */
export const openFirewall = defineStep({
  title: 'Open the firewall',
  truth: 'kept',
  read: ({ facts }, _input: FirewallRules) => facts.firewall(),
  plan: (wanted, { runs, permanent, runtime }): Change[] => {
    if (!runs) return [];
    const isMissing = (kind: keyof FirewallRules) => (rule: string) =>
      !permanent[kind].includes(rule) || !runtime[kind].includes(rule);
    const richRules = wanted.richRules.filter(isMissing('richRules'));
    const trustedSources = wanted.trustedSources.filter(isMissing('trustedSources'));
    return richRules.length || trustedSources.length ? [{ kind: 'openings', richRules, trustedSources }] : [];
  },
});
