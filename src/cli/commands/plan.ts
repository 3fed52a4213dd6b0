import { WorkflowFailedError } from '@temporalio/client';
import type { Command } from 'commander';
import { readyForRuns, withClient } from '../client.js';
import { readSpec } from '../cluster-file.js';
import { action, command } from '../command.js';
import { exitCodes } from '../exit-codes.js';
import { outcomeOfFailure } from '../follow.js';
import { note, print, printJson } from '../print.js';
import { planOf } from '../start-plan.js';
import { conclude } from '../views/conclusion.js';
import { findingLines } from '../views/finding-lines.js';
import { planLines } from '../views/plan-lines.js';

export function plan(): Command {
  return command('plan', {
    description: 'Shows every change that bootstrap would make, host by host, with file diffs. Changes nothing.',
    example: 'temper plan cluster.yaml',
  })
    .argument('[file]', 'the cluster', 'cluster.yaml')
    .action(
      action(async ({ json }, file: string) => {
        const spec = await readSpec(file);
        return withClient(async (connected) => {
          await readyForRuns(connected);
          try {
            const { hash, hosts: plans, warnings } = await planOf(connected.client, spec);
            if (json) return printJson({ cluster: spec.name, hash, hosts: plans, warnings });
            for (const line of findingLines(warnings)) note(line);
            for (const line of planLines(plans, { diffs: true })) print(line);
            if (plans.some(({ changes }) => changes.length > 0)) print(`temper bootstrap ${file} --approve ${hash}`);
            return exitCodes.done;
          } catch (error) {
            if (!(error instanceof WorkflowFailedError)) throw error;
            return conclude({ cluster: spec.name, file }, outcomeOfFailure(error), json);
          }
        });
      }),
    );
}
