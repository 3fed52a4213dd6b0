import { paths } from '../cluster/paths.js';
import type { FactReaders } from './facts/facts.js';

/** Whether the kubelet asks the API server with credentials of its own. One that joins has its token beside them until its node has come about. */
export async function hasJoined(facts: FactReaders): Promise<boolean> {
  const [kubeconfig, bootstrap] = await Promise.all([
    facts.file(`${paths.kubernetes}/kubelet.conf`),
    facts.file(bootstrapKubeconfigPath),
  ]);
  return Boolean(kubeconfig && !bootstrap);
}

export const bootstrapKubeconfigPath = `${paths.kubernetes}/bootstrap-kubelet.conf`;
