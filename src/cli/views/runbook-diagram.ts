import { steps } from '../../activities/steps/index.js';
import { phases } from '../../workflows/runbook/phases.js';

/** The bootstrap as a Mermaid sequence diagram, made from the runbook. */
export function runbookDiagram(): string {
  const phaseLines = Object.values(phases).flatMap(({ title, entries }) => [
    `  note over workflow: ${title}`,
    ...entries.map(({ step }) => `  workflow->>host: ${steps[step].title} (${step})`),
  ]);
  return [
    'sequenceDiagram',
    '  actor you',
    '  participant temper as temper (CLI)',
    '  participant workflow as bootstrap (workflow)',
    '  participant host as host (over SSH)',
    '  you->>temper: temper bootstrap cluster.yaml',
    '  temper->>workflow: start temper-CLUSTER with the spec',
    '  note over workflow: Look at the hosts, check the network, agree on the plan',
    '  workflow->>host: what are you? (lookAtHost)',
    '  host-->>workflow: addresses, findings',
    '  workflow->>host: do you reach each other? (reachPeers)',
    '  host-->>workflow: findings',
    '  workflow->>host: what is left to do? (planHost)',
    '  host-->>workflow: every change of every step',
    '  workflow-->>you: the plan and its hash',
    '  you->>workflow: approve',
    ...phaseLines,
    '  note over workflow: Verify the cluster',
    '  workflow->>host: does everything work? (verifyHost)',
    '  workflow-->>you: the cluster stands',
  ].join('\n');
}
