import { ApplicationFailure } from '@temporalio/workflow';
import type { HostFinding } from '../activities/calls.js';
import type { Failure } from './failure.js';

/** Throws HOST_UNFIT with all findings when one of them forbids going on; else returns them, who are warnings. */
export function mustBeFit(findings: HostFinding[]): HostFinding[] {
  const errors = findings.filter(({ level }) => level === 'error');
  if (errors.length === 0) return findings;
  const message = errors.map((finding) => `${finding.host}: ${finding.message}`).join('; ');
  throw ApplicationFailure.nonRetryable(message, 'HOST_UNFIT', { findings });
}

/** What went wrong when a host was only read. */
export function findingOf(host: string, { code, message, hint }: Failure): HostFinding {
  return { host, check: code, level: 'error', message, hint };
}
