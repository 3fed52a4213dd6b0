import { ApplicationFailure, CancellationScope, log, setHandler } from '@temporalio/workflow';
import { quarantineSignal, quarantineUpdate } from './messages.js';
import type { Quarantine } from './messages.js';

/** Lets a run go on without a host that a person gave up for now. */
export interface QuarantineWard {
  holds(host: string): boolean;
  /** Does `work` of a host, and stops it when the host is quarantined; nothing when it was before. */
  unlessQuarantined(host: string, work: () => Promise<unknown>): Promise<void>;
}

export interface QuarantineRules {
  /** Why the run cannot do without this host, as far as the run itself knows. */
  whyNot(host: string): string | undefined;
  /** The same, as far as the hosts know. */
  risk(host: string): Promise<string | undefined>;
  onQuarantine(given: Quarantine): void;
}

/** Sets the handlers, so call it first thing in the workflow. */
export function openQuarantine({ whyNot, risk, onQuarantine }: QuarantineRules): QuarantineWard {
  const quarantined = new Set<string>();
  const working = new Map<CancellationScope, string>();

  // What the Web UI sends is typed by hand, so nothing about `given` is taken for granted.
  const refusalOf = (given: Partial<Quarantine> | undefined) => {
    const host = String(given?.host);
    return quarantined.has(host) ? `${host} is quarantined already.` : whyNot(host);
  };
  const quarantine = (given: Quarantine): void => {
    quarantined.add(given.host);
    onQuarantine(given);
    for (const [scope, host] of working) if (host === given.host) scope.cancel();
  };

  const description =
    'Go on without a host: {"host": "w2", "note": "why", "by": "who"}. It stays as it is, and the next bootstrap goes on with it. ' +
    "Refused for a host that the others need, and where etcd's quorum would hang on it.";
  setHandler(
    quarantineUpdate,
    async (given) => {
      const refusal = await risk(given.host);
      if (refusal) throw refused(refusal);
      quarantine(given);
    },
    {
      description,
      validator: (given) => {
        const refusal = refusalOf(given);
        if (refusal) throw refused(refusal);
      },
    },
  );
  setHandler(
    quarantineSignal,
    async (given) => {
      const refusal = refusalOf(given) ?? (await risk(given.host));
      if (refusal) log.warn('quarantine was ignored', { refusal });
      else quarantine(given);
    },
    { description },
  );

  return {
    holds: (host) => quarantined.has(host),
    async unlessQuarantined(host, work) {
      if (quarantined.has(host)) return;
      const scope = new CancellationScope();
      working.set(scope, host);
      try {
        await scope.run(work);
      } catch (error) {
        if (!quarantined.has(host)) throw error;
      } finally {
        working.delete(scope);
      }
    },
  };
}

function refused(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'QUARANTINE_REFUSED');
}
