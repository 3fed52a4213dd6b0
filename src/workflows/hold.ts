import { condition, setHandler } from '@temporalio/workflow';
import { holdSignal, holdUpdate, resumeSignal, resumeUpdate } from './messages.js';

/** Stops a run between two steps. Sets the handlers, so call it first thing in the workflow. */
export function openHold(held: boolean, onChange: (held: boolean) => void = () => {}): Hold {
  const hold: Hold = {
    held,
    passed: () => condition(() => !hold.held),
  };
  const set = (value: boolean): void => {
    if (hold.held === value) return;
    hold.held = value;
    onChange(value);
  };
  const whenHeld = { description: 'Stop after the step that runs now; takes no arguments.' };
  const whenResumed = { description: 'Go on after a hold; takes no arguments.' };
  setHandler(holdUpdate, () => set(true), whenHeld);
  setHandler(holdSignal, () => set(true), whenHeld);
  setHandler(resumeUpdate, () => set(false), whenResumed);
  setHandler(resumeSignal, () => set(false), whenResumed);
  return hold;
}

export interface Hold {
  held: boolean;
  /** Returns at once, or when the run is resumed. */
  passed(): Promise<void>;
}
