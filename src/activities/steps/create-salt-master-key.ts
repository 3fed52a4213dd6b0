import { masterKey, missingSaltKey, readSaltKey } from '../salt.js';
import { defineStep } from '../step.js';

/** By it minions know their master. It never leaves the bootstrap host. */
export const createSaltMasterKey = defineStep({
  title: 'Create the key of the Salt master',
  truth: 'made once',
  read: ({ facts }, _input: object) => readSaltKey(facts, masterKey),
  plan: (_input, present) => missingSaltKey(masterKey, present),
});
