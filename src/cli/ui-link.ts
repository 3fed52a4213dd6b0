import type { Connected } from './client.js';
import { workflowId } from './client.js';

/** The page of a run in the Web UI; undefined when the server is not ours, because then we do not know where its UI is. */
export function runLink(
  { access, ui }: Connected,
  { cluster, runId }: { cluster: string; runId: string },
): string | undefined {
  return (
    ui && `${ui}/namespaces/${access.temporalNamespace}/workflows/${encodeURIComponent(workflowId(cluster))}/${runId}`
  );
}

/** Where a run's current details stand: what it waits for, and what to answer. */
export function detailsLink(connected: Connected, run: { cluster: string; runId: string }): string | undefined {
  const link = runLink(connected, run);
  return link && `${link}/user-metadata`;
}
