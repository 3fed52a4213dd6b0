import { parseDocument, stringify } from 'yaml';

/** What /etc/temper/host.yaml says: whose host this is, and what was chosen for it once. */
export interface HostClaim {
  cluster: string;
  name: string;
  controlPlaneAddress: string;
  workloadPlaneAddress: string;
}

export function hostClaimText(claim: HostClaim): string {
  const { cluster, name, controlPlaneAddress, workloadPlaneAddress } = claim;
  return stringify({
    apiVersion: 'temper/v1alpha1',
    kind: 'Host',
    cluster,
    name,
    controlPlaneAddress,
    workloadPlaneAddress,
  });
}

/** Undefined when the text is none of ours. */
export function parseHostClaim(text: string): HostClaim | undefined {
  const document = parseDocument(text);
  const claim: unknown = document.errors.length ? undefined : document.toJS();
  return isClaim(claim) ? claim : undefined;
}

function isClaim(document: unknown): document is HostClaim {
  const claim = document as Partial<Record<string, unknown>> | null;
  return ['cluster', 'name', 'controlPlaneAddress', 'workloadPlaneAddress'].every(
    (key) => typeof claim?.[key] === 'string',
  );
}
