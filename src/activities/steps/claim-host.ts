import { TemperError } from '../../cluster/errors.js';
import { hostClaimText, parseHostClaim, type HostClaim } from '../../cluster/host-record.js';
import { paths } from '../../cluster/paths.js';
import type { Change } from '../changes/change.js';
import { keptFile } from '../kept-files.js';
import { defineStep } from '../step.js';

/** The first write to a host: from here on it is this cluster's, its addresses are chosen, and the fence keeps other runs away. */
export const claimHost = defineStep({
  title: 'Claim the host',
  truth: 'made once',
  read: ({ facts }, _input: HostClaim) => facts.text(paths.hostRecord),
  plan: (input, text): Change[] => {
    if (text === undefined) return [keptFile(paths.hostRecord, hostClaimText(input))];
    const present = parseHostClaim(text);
    if (present?.cluster === input.cluster && present.name === input.name) return [];
    throw new TemperError(
      'HOST_HAS_OTHER_CLUSTER',
      `${input.name}: ${paths.hostRecord} says ${present ? `${present.name} of cluster ${present.cluster}` : 'nothing that can be read'}`,
    );
  },
});
