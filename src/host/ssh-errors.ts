import { TemperError } from '../cluster/errors.js';
import type { HostTarget } from './target.js';

/** The host does not answer, or no longer: worth trying again for as long as it takes. */
export function unreachable(target: HostTarget, cause: unknown): TemperError {
  const { name, address, port } = target;
  const { code, message } = cause as NodeJS.ErrnoException;
  const why = (code && reasons[code]) ?? message;
  return new TemperError('SSH_UNREACHABLE', `${name} (${address}:${port}): ${why}`, {
    hint: `ssh -p ${port} ${target.user}@${address} true`,
    cause,
  });
}

const reasons: Record<string, string> = {
  ENOTFOUND: 'the name is not known to DNS',
  EAI_AGAIN: 'DNS does not answer',
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ECONNRESET: 'the connection was reset',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to its network',
  ETIMEDOUT: 'it does not answer (timeout)',
};
