/** Takes one line for people. Long work reports about every ten seconds. */
export type Progress = (line: string) => void;

/**
 * Reports `what` every ten seconds with the time gone. With a `total` also how much of it is done and, once there is enough to judge by, the
 * time that is left if the rest goes as the part that is done.
 */
export function stopwatch(what: string, progress: Progress, total = 0): Stopwatch {
  const started = Date.now();
  let done = 0;
  const report = () => {
    const elapsed = Date.now() - started;
    const count = done < total ? `${done} of ${total}, ` : '';
    const canJudge = done < total && done >= 10 && elapsed >= 20_000;
    const left = canJudge ? `, about ${duration((elapsed / done) * (total - done))} left` : '';
    progress(`${what}: ${count}${duration(elapsed)}${left}`);
  };
  // Unreferenced, so that a build that throws does not keep the process alive.
  const timer = setInterval(report, 10_000).unref();
  return {
    step: () => void done++,
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
