import { TemperError } from '../cluster/errors.js';
import type { Door } from '../host/door.js';
import type { Doors } from '../host/doors.js';
import { FencedDoor } from '../host/fenced.js';
import { runLongCommand } from '../host/long-command.js';
import type { StepCall, StepResult } from './calls.js';
import type { Change } from './changes/change.js';
import { applyChanges, kindOf, nameOf } from './changes/index.js';
import type { Writer } from './changes/writer.js';
import type { Moment } from './moment.js';
import type { HostView, Step } from './step.js';
import { askThrough, untilOn, viewThrough } from './view.js';

/** Reads, plans, applies, verifies. Throws PLAN_MOVED before anything is written that nobody approved. */
export async function runStep<Input, Facts>(
  name: string,
  step: Step<Input, Facts>,
  call: StepCall<Input>,
  { doors, moment }: { doors: Doors; moment: Moment },
): Promise<StepResult> {
  const door = await doors.to(call.host);
  const view = viewThrough(door, moment.signal);
  const changes = await planStep(step, view, call.input);
  mustBeApproved(name, view.name, changes, call.approved);
  await applyChanges(writerThrough(door, name, call, { doors, moment }), changes, (change) => {
    const sentence = `${view.name}: ${kindOf(change).describe(change)}`;
    moment.show(sentence);
    moment.log(sentence);
  });
  moment.show(`${view.name}: verifying`);
  if (step.verify || changes.length > 0) await verifyStep(name, step, viewThrough(door, moment.signal), call.input);
  return { host: view.name, changed: changes.map((change) => kindOf(change).describe(change)) };
}

export async function planStep<Input, Facts>(
  step: Step<Input, Facts>,
  view: HostView,
  input: Input,
): Promise<Change[]> {
  return step.plan(input, await step.read(view, input));
}

/** Asks for the step's effect. Throws STEP_INCOMPLETE, or what the step's own verification throws. */
export async function verifyStep<Input, Facts>(
  name: string,
  step: Step<Input, Facts>,
  view: HostView,
  input: Input,
): Promise<void> {
  if (step.verify) return step.verify(view, input);
  const left = await planStep(step, view, input);
  if (left.length === 0) return;
  const changes = left.map((change) => kindOf(change).describe(change)).join('; ');
  throw new TemperError('STEP_INCOMPLETE', `${view.name}: after ${name} this is still to be done: ${changes}`);
}

function mustBeApproved(step: string, host: string, changes: Change[], approved: string[]): void {
  const moved = changes.map(nameOf).filter((name) => !approved.includes(name));
  if (moved.length === 0) return;
  throw new TemperError(
    'PLAN_MOVED',
    `${host}: ${step} would now also change ${moved.join(', ')}, which the approved plan does not name`,
    {
      hint: 'temper plan shows what it would do now; temper retry agrees to it',
    },
  );
}

function writerThrough(
  door: Door,
  step: string,
  { host, run }: StepCall,
  { doors, moment }: { doors: Doors; moment: Moment },
): Writer {
  const fenced = new FencedDoor(door, { ...run, step, attempt: moment.attempt, who: moment.who });
  const { signal } = moment;
  return {
    host: host.name,
    ask: askThrough(door, signal),
    until: untilOn(host.name, signal),
    write: (what, script, options) => fenced.write(what, script, { ...options, signal }),
    long: (command) =>
      runLongCommand(fenced, command, {
        signal,
        onLine: (line) => moment.show(`${host.name}: ${command.title}: ${line}`),
      }),
    knock: async () => (await doors.fresh(host)).close(),
  };
}
