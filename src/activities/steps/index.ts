/* eslint-disable @typescript-eslint/no-explicit-any -- each step has its own input and facts; the registry only knows that they fit each other. */
import type { Step } from '../step.js';

/** Every step by its name, which is its activity type in the Web UI. Order is the runbook's matter (src/workflows/runbook). */
export const steps = {} satisfies Record<string, Step<any, any>>;

export type StepName = keyof typeof steps;
export type StepInput<Name extends StepName> = Parameters<(typeof steps)[Name]['read']>[1];
