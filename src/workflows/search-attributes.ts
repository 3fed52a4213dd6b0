import { defineSearchAttributeKey } from '@temporalio/common';

/** Made on the server by `temper up` and before each start. They are never encrypted: names and states only. */
export const searchAttributes = {
  cluster: defineSearchAttributeKey('TemperCluster', 'KEYWORD'),
  phase: defineSearchAttributeKey('TemperPhase', 'KEYWORD'),
  status: defineSearchAttributeKey('TemperStatus', 'KEYWORD'),
  blockedStep: defineSearchAttributeKey('TemperBlockedStep', 'KEYWORD'),
};
