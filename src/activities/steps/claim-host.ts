import { TemperError } from '../../cluster/errors.js';
import { hostClaimText, parseHostClaim, type HostClaim } from '../../cluster/host-record.js';
import { sharedPki } from '../../cluster/kubeadm/certificates.js';
import { paths } from '../../cluster/paths.js';
import type { Change } from '../changes/change.js';
import { keptFile } from '../kept-files.js';
import { defineStep } from '../step.js';

/**
 * The first write to a host: from here on it is this cluster's, its addresses are chosen, and the fence keeps other runs away. What is settled
 * for the whole cluster follows the spec until the host has the cluster's CA.
 */
export const claimHost = defineStep({
  title: 'Claim the host',
  truth: 'made once',
  read: async ({ facts }, _input: HostClaim) => ({
    text: await facts.text(paths.hostRecord),
    hasJoined: (await facts.file(`${sharedPki.ca}.crt`)) !== undefined,
  }),
  plan: (input, { text, hasJoined }): Change[] => {
    const present = text === undefined ? undefined : parseHostClaim(text);
    if (text !== undefined && (present?.cluster !== input.cluster || present.name !== input.name)) {
      throw new TemperError(
        'HOST_HAS_OTHER_CLUSTER',
        `${input.name}: ${paths.hostRecord} says ${present ? `${present.name} of cluster ${present.cluster}` : 'nothing that can be read'}`,
      );
    }
    const wanted = hostClaimText({ ...input, ...present, settled: (hasJoined && present?.settled) || input.settled });
    return text === wanted ? [] : [keptFile(paths.hostRecord, wanted)];
  },
});
