import type { Command } from 'commander';
import { steps } from '../../activities/steps/index.js';
import type { Step } from '../../activities/step.js';
import { errorCodes, TemperError } from '../../cluster/errors.js';
import type { ErrorCode } from '../../cluster/errors.js';
import { action, command } from '../command.js';
import { print, printJson } from '../print.js';

export function explain(): Command {
  return command('explain', {
    description: 'Explains a step or an error code; without one, lists them all.',
    example: 'temper explain startEtcdMember\ntemper explain PLAN_MOVED',
  })
    .argument('[name]', 'a step or an error code')
    .action(
      action(async ({ json }, name?: string) => {
        const all = { ...explainedSteps(), ...explainedCodes() };
        const chosen = Object.entries(all).filter(([each]) => !name || each.toLowerCase() === name.toLowerCase());
        if (chosen.length === 0) {
          throw new TemperError('USAGE', `${name} is neither a step nor an error code`, { hint: 'temper explain' });
        }
        if (json) return printJson(Object.fromEntries(chosen));
        for (const [each, lines] of chosen) print(`${each}\n  ${lines.join('\n  ')}`);
      }),
    );
}

function explainedSteps(): Record<string, string[]> {
  const truths: Record<Step<unknown, unknown>['truth'], string> = {
    kept: 'Set again whenever it is found different.',
    'made once': 'Made when missing, then read back and never rewritten.',
    passing: 'Nothing is left to do once its successor stands.',
    "the user's": 'Made when missing, afterwards yours: `temper plan` says where it differs, nothing changes it.',
  };
  const rows = Object.entries(steps as Record<string, Step<unknown, unknown>>);
  return Object.fromEntries(
    rows.map(([name, { title, truth, skippable }]) => [
      name,
      [title, truths[truth], skippable ? 'May be skipped at the gate.' : 'Cannot be skipped.'],
    ]),
  );
}

function explainedCodes(): Record<string, string[]> {
  const natures: Record<(typeof errorCodes)[ErrorCode]['nature'], string> = {
    mistake: 'Only you can mend it; it is never retried.',
    unreachable: 'Retried without limit until the host answers.',
    failure: 'Tried a few times, then the step waits for you.',
    refusal: 'Going on would do harm, so the step waits for you at once.',
  };
  return Object.fromEntries(
    Object.entries(errorCodes).map(([code, { nature, means }]) => [code, [means, natures[nature]]]),
  );
}
