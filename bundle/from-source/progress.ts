/** Takes one line for people. Long work reports about every ten seconds. */
export type Progress = (line: string) => void;

/**
 * Reports `what` every ten seconds as n of `total` with the time gone and, once there is enough to judge by, the time that is left if the
 * rest goes as the part that is done.
 */
export function stopwatch(what: string, total: number, progress: Progress): Stopwatch {
  const started = Date.now();
  let done = 0;
  const report = () => progress(`${what}: ${done} of ${total}, ${duration(Date.now() - started)}${left()}`);
  const left = () => {
    const elapsed = Date.now() - started;
    if (done >= total || elapsed < 20_000 || done < 10) return '';
    return `, about ${duration((elapsed / done) * (total - done))} left`;
  };
  // Unreferenced, so that a build that throws does not keep the process alive.
  const timer = setInterval(report, 10_000).unref();
  return {
    step: () => void (done = Math.min(done + 1, total)),
    stop: () => {
      clearInterval(timer);
      progress(`${what}: done in ${duration(Date.now() - started)}`);
    },
  };
}

export interface Stopwatch {
  step: () => void;
  stop: () => void;
}

/** 95_000 ms -> `1m35s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
}
