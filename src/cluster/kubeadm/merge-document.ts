import { goDuration, isGoDuration } from './go-duration.js';

export type Document = Record<string, unknown>;

/** The user's partial component config over its defaults: maps are merged, lists and scalars replaced, durations spelled as Go does. */
export function mergeDocument(defaults: Document, given: Document): Document {
  const merged = { ...defaults };
  for (const [key, value] of Object.entries(given)) {
    const before = defaults[key];
    if (isMap(value)) merged[key] = mergeDocument(isMap(before) ? before : {}, value);
    else merged[key] = isDuration(key, before) && isGoText(value) ? goDuration(value) : value;
  }
  return merged;
}

/** Fields of type Duration whose default is no duration, because Go leaves it out. */
const optionalDurations = ['cpuCFSQuotaPeriod', 'containerLogMonitorInterval', 'maxContainerRestartPeriod'];

function isDuration(key: string, before: unknown): boolean {
  return before === '0s' || optionalDurations.includes(key) || /Timeout$/.test(key);
}

function isGoText(value: unknown): value is string {
  return typeof value === 'string' && isGoDuration(value);
}

function isMap(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
