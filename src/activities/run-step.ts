import { TemperError } from '../cluster/errors.js';
import type { Doors } from '../host/doors.js';
import { FencedDoor } from '../host/fenced.js';
import { runLongCommand } from '../host/long-command.js';
import type { HostTarget } from '../host/target.js';
import type { StepCall, StepResult } from './calls.js';
import type { Change } from './changes/change.js';
import { applyChanges, kindOf, nameOf } from './changes/index.js';
import type { Writer } from './changes/writer.js';
import type { Moment } from './moment.js';
import type { HostView, Step } from './step.js';
import { askThrough, untilOn, viewOf } from './view.js';

/** Reads, plans, applies, verifies. Throws PLAN_MOVED before anything is written that nobody approved. */
export async function runStep<Input, Facts>(
  name: string,
  step: Step<Input, Facts>,
  call: StepCall<Input>,
  { doors, moment }: { doors: Doors; moment: Moment },
): Promise<StepResult> {
  const view = await viewOf(call.host, doors, moment.signal);
  const changes = await planStep(step, view, call.input);
  mustBeApproved(name, view.name, changes, call.approved);
  await applyChanges(await writerTo(call.host, name, call, { doors, moment }), changes, (change) => {
    const sentence = `${view.name}: ${kindOf(change).describe(change)}`;
    moment.show(sentence);
    moment.log(sentence);
  });
  moment.show(`${view.name}: verifying`);
  if (step.verify || changes.length > 0) {
    await verifyStep(name, step, await viewOf(call.host, doors, moment.signal), call.input);
  }
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

/** `step`: what the host's fence knows the attempt by; on another host than the step's own it names both. */
async function writerTo(
  host: HostTarget,
  step: string,
  call: StepCall,
  { doors, moment }: { doors: Doors; moment: Moment },
): Promise<Writer> {
  const { run } = call;
  const door = await doors.to(host);
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
    elsewhere: (other) => writerTo(other, `${step}.${call.host.name}`, call, { doors, moment }),
  };
}
