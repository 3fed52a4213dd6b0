import type { Lab } from './lab.js';

/** What a client of an API server at `address` saw while others were at work on the hosts. */
export interface Answers {
  /** The longest time between two answers. */
  seconds: number;
  lost: number;
  asked: number;
}

/** Asks from the host `from`, some twenty times a second for so many seconds; each request by a connection of its own. */
export async function answersOf(lab: Lab, from: string, address: string, seconds: number): Promise<Answers> {
  const ask = `curl --silent --fail --insecure --max-time 0.5 --output /dev/null https://${address}:6443/livez`;
  const once = `if ${ask}; then said=ok; else said=lost; fi; echo "$(date +%s.%N) $said"; sleep 0.05`;
  const loop = `end=$(($(date +%s) + ${seconds})); while [ "$(date +%s)" -lt "$end" ]; do ${once}; done`;
  const lines = (await lab.execOrThrow(from, loop)).trim().split('\n');
  const moments = lines.filter((line) => line.endsWith('ok')).map(Number.parseFloat);
  const gaps = moments.slice(1).map((moment, i) => moment - moments[i]!);
  return {
    seconds: Math.max(...gaps),
    lost: lines.filter((line) => line.endsWith('lost')).length,
    asked: lines.length,
  };
}
