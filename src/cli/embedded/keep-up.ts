import { TemperError } from '../../cluster/errors.js';
import { configuredAccess } from '../../worker/connection.js';
import { isWanted } from './background-process.js';
import { ensureUp } from './up.js';

/** A look is three small files; each moment without a worker is one in which nothing goes on. */
const lookEveryMs = 200;

/**
 * Starts again what dies of the embedded server and worker, until `stop`. It works beside whoever looks at a run, because looking waits long for
 * a worker that is gone. `failure` is set when it gives up: after `temper down`, or when what it starts does not live.
 */
export function keepUp(): { failure?: unknown; stop(): void } {
  const keeper = { failure: undefined as unknown, stop: () => clearInterval(timer) };
  let failures = 0;
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy || configuredAccess()) return;
    if (!isStillWanted()) return void (keeper.failure = takenDown());
    isBusy = true;
    void ensureUp({ workerForConfigured: false, isStillWanted })
      .then(
        () => (failures = 0),
        // What is killed while it starts is started once more.
        (error: unknown) => (keeper.failure = ++failures > 3 ? error : undefined),
      )
      .finally(() => (isBusy = false));
  }, lookEveryMs);
  return keeper;
}

function isStillWanted(): boolean {
  return isWanted('server');
}

function takenDown(): TemperError {
  return new TemperError('NO_SERVER', '`temper down` has stopped the server; the run goes on at the next `temper up`', {
    hint: 'temper up',
  });
}
