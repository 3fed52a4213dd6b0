import { TemperError } from '../cluster/errors.js';
import type { Doors } from '../host/doors.js';
import { FencedDoor } from '../host/fenced.js';
import { runLongCommand } from '../host/long-command.js';
import type { HostTarget } from '../host/target.js';
import type { StepCall, StepResult, UndoCall } from './calls.js';
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
  const result = await makeChanges(changes, name, call, { doors, moment });
  moment.show(`${view.name}: verifying`);
  if (step.verify || changes.length > 0) {
    await verifyStep(name, step, await viewOf(call.host, doors, moment.signal), call.input);
  }
  return result;
}

/** Whoever aborted the run has agreed to what takes back what never came to life. */
export async function undoStep<Input, Facts>(
  { undo }: Step<Input, Facts>,
  call: UndoCall<Input>,
  { doors, moment }: { doors: Doors; moment: Moment },
): Promise<StepResult> {
  const changes = (await undo?.(await viewOf(call.host, doors, moment.signal), call.input)) ?? [];
  return makeChanges(changes, call.step, call, { doors, moment });
}

async function makeChanges(
  changes: Change[],
  step: string,
  call: Attempt,
  { doors, moment }: { doors: Doors; moment: Moment },
): Promise<StepResult> {
  const host = call.host.name;
  await applyChanges(writerTo(call.host, step, call, { doors, moment }), changes, (change) => {
    const sentence = `${host}: ${kindOf(change).describe(change)}`;
    moment.show(sentence);
    moment.log(sentence);
  });
  return { host, changed: changes.map((change) => kindOf(change).describe(change)) };
}

type Attempt = Pick<StepCall, 'host' | 'run'>;

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
function writerTo(
  host: HostTarget,
  step: string,
  call: Attempt,
  { doors, moment }: { doors: Doors; moment: Moment },
): Writer {
  const { run } = call;
  const { signal } = moment;
  const fenced = async () =>
    new FencedDoor(await doors.to(host), { ...run, step, attempt: moment.attempt, who: moment.who });
  return {
    host: host.name,
    ask: async (script, options) => askThrough(await doors.to(host), signal)(script, options),
    until: untilOn(host.name, signal),
    write: async (what, script, options) => (await fenced()).write(what, script, { ...options, signal }),
    long: async (command) =>
      runLongCommand(await fenced(), command, {
        signal,
        onLine: (line) => moment.show(`${host.name}: ${command.title}: ${line}`),
      }),
    knock: async () => (await doors.fresh(host)).close(),
    elsewhere: async (other) => writerTo(other, `${step}.${call.host.name}`, call, { doors, moment }),
  };
}
