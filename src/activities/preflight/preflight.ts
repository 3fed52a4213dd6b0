import type { HostFinding } from '../calls.js';
import { bundleChecks } from './bundle.js';
import type { PreflightCheck } from './check.js';
import { machineChecks } from './machine.js';
import { networkChecks } from './network.js';
import { occupiedChecks } from './occupied.js';
import type { Seen } from './seen.js';
import { settledChecks } from './settled.js';

/** Every check of a host, in the order in which its findings are shown. */
export const preflightChecks: PreflightCheck[] = [
  ...machineChecks,
  ...networkChecks,
  ...occupiedChecks,
  ...settledChecks,
  ...bundleChecks,
];

/** All that speaks against the host. Changes nothing, and stops at nothing: every finding is there at once. */
export function preflight(seen: Seen): HostFinding[] {
  const occupied = findingsOf(occupiedChecks, seen);
  // Another cluster's ports, files and packages are one problem, not twenty.
  const otherCluster = occupied.filter(({ check }) => check === 'HOST_HAS_OTHER_CLUSTER');
  return [
    ...findingsOf(machineChecks, seen),
    ...findingsOf(networkChecks, seen),
    ...(otherCluster.length > 0 ? otherCluster : occupied),
    ...findingsOf(settledChecks, seen),
    ...findingsOf(bundleChecks, seen),
  ];
}

function findingsOf(checks: PreflightCheck[], seen: Seen): HostFinding[] {
  const ignored = seen.spec.preflight.ignore.map((name) => name.toLowerCase());
  const isIgnored = (name: string) => ignored.includes('all') || ignored.includes(name.toLowerCase());
  return checks.flatMap(({ name, level, mustHold, look }) =>
    [...look(seen)].map((problem): HostFinding => {
      const check = problem.name ?? name;
      const isWarning = (problem.level ?? level) === 'warning' || (!mustHold && isIgnored(check));
      const { message, hint } = problem;
      return { host: seen.host.name, check, level: isWarning ? 'warning' : 'error', message, hint };
    }),
  );
}
