import type { Complaint } from '../addresses.js';

/** A duration as Go writes it: '8760h' becomes '8760h0m0s', '90s' '1m30s'. Throws when Go could not read it. */
export function goDuration(text: string): string {
  const nanoseconds = parseGoDuration(text);
  const sign = nanoseconds < 0 ? '-' : '';
  const size = Math.abs(nanoseconds);
  if (size === 0) return '0s';
  if (size < units.s) {
    const [unit, length] = Object.entries(units).find(([, length]) => size >= length)!;
    return `${sign}${size / length}${unit}`;
  }
  const hours = Math.floor(size / units.h);
  const minutes = Math.floor((size % units.h) / units.m);
  const seconds = `${(size % units.m) / units.s}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

export function durationHours(text: string): number {
  return parseGoDuration(text) / units.h;
}

export function isGoDuration(text: string): boolean {
  return wholeDuration.test(text);
}

export function explainDuration(text: string): Complaint | undefined {
  return isGoDuration(text) ? undefined : { message: `'${text}' is no duration`, hint: 'as in 90s or 1h30m' };
}

/** Go keeps a duration as nanoseconds in 64 bits; what is shorter than an hour is over before the cluster stands. */
const validityHours = { least: 1, most: 2_562_047 };

/** How long a certificate is valid. */
export function explainValidityPeriod(text: string): Complaint | undefined {
  const { least, most } = validityHours;
  const hours = isGoDuration(text) ? durationHours(text) : 0;
  if (hours >= least && hours <= most) return undefined;
  return { message: `'${text}' is no duration from ${least}h to ${most}h`, hint: 'such as 8760h, a year' };
}

/** In nanoseconds, the longest first. */
const units = { h: 3.6e12, m: 6e10, s: 1e9, ms: 1e6, µs: 1e3, us: 1e3, ns: 1 };
const part = /(\d+\.?\d*|\.\d+)(h|ms|m|s|µs|us|ns)/g;
const wholeDuration = new RegExp(`^[-+]?(0|(${part.source})+)$`);

function parseGoDuration(text: string): number {
  if (!isGoDuration(text)) throw new RangeError(`'${text}' is not a duration such as 1h30m`);
  let sum = 0;
  for (const [, number, unit] of text.matchAll(part)) sum += Number(number) * units[unit as keyof typeof units];
  return text.startsWith('-') ? -sum : sum;
}
