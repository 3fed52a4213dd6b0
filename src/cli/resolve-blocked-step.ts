import { TemperError } from '../cluster/errors.js';
import { progressQuery, resolveStepUpdate } from '../workflows/messages.js';
import type { BlockedStep, Resolution } from '../workflows/messages.js';
import { me, needWorker, workflowId } from './client.js';
import type { Connected } from './client.js';

export interface Choice {
  cluster: string;
  host?: string;
  step?: string;
}

/** Answers the one step that is blocked, or the one that `host` and `step` choose among several. */
export async function resolveBlockedStep(
  connected: Connected,
  choice: Choice,
  answer: Pick<Resolution, 'action' | 'note'>,
): Promise<BlockedStep> {
  await needWorker(connected);
  const { workflow } = connected.client;
  const { blocked } = await workflow.getHandle(workflowId(choice.cluster)).query(progressQuery);
  const step = theOne(choice, blocked);
  const resolution: Resolution = { step: step.step, attempt: step.attempt, by: me(), ...answer };
  await workflow.getHandle(step.workflowId).executeUpdate(resolveStepUpdate, { args: [resolution] });
  return step;
}

function theOne({ cluster, host, step }: Choice, blocked: BlockedStep[]): BlockedStep {
  const chosen = blocked.filter((each) => (!host || each.host === host) && (!step || each.step === step));
  if (chosen.length === 1) return chosen[0]!;
  const names = blocked.map((each) => `${each.host} ${each.step}`).join(', ');
  throw blocked.length === 0
    ? new TemperError('USAGE', `no step of ${cluster} is blocked`, { hint: `temper status ${cluster}` })
    : new TemperError('USAGE', `which step? blocked: ${names}`, { hint: 'name it with --host and --step' });
}
