/**
 * An error for people. `message` says what, where and what was seen; `hint` is the next command to type; `code` is stable and stands in
 * `errorCodes`.
 */
export class TemperError extends Error {
  readonly code: ErrorCode;
  readonly hint?: string;
  /** Whole output of what failed, for the evidence; never shown in a single line. */
  readonly evidence?: string;

  constructor(code: ErrorCode, message: string, options: { hint?: string; evidence?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'TemperError';
    this.code = code;
    this.hint = options.hint;
    this.evidence = options.evidence;
  }

  get nature(): ErrorNature {
    return errorCodes[this.code].nature;
  }
}

/**
 * `mistake`: only the user can mend it, never retried. `unreachable`: the host does not answer, retried without limit and never at the gate.
 * `failure`: a reachable host reported it, retried a few times, then the gate. `refusal`: going on would do harm, straight to the gate.
 */
export type ErrorNature = 'mistake' | 'unreachable' | 'failure' | 'refusal';
export type ErrorCode = keyof typeof errorCodes;

/** Every code that Temper can end with. `temper explain CODE` prints the line. */
export const errorCodes = {
  SPEC_INVALID: { nature: 'mistake', means: 'cluster.yaml is not valid; nothing was touched.' },
  BUNDLE_INVALID: {
    nature: 'mistake',
    means: 'The bundle is missing, incomplete, or a file in it differs from its checksum.',
  },
  HOST_UNFIT: {
    nature: 'mistake',
    means: 'The host does not fulfil what the preflight asks for; nothing was touched.',
  },
  SSH_AUTH_FAILED: { nature: 'mistake', means: 'The SSH server refused every key that was offered.' },
  SSH_HOST_KEY_UNKNOWN: {
    nature: 'mistake',
    means: 'The host is not in known_hosts, so its identity cannot be checked.',
  },
  SSH_HOST_KEY_CHANGED: { nature: 'mistake', means: 'The host showed another key than known_hosts has for it.' },
  SSH_KEY_UNREADABLE: {
    nature: 'mistake',
    means: 'The SSH identity file is missing, unreadable, or needs a passphrase.',
  },
  SSH_UNREACHABLE: { nature: 'unreachable', means: 'No SSH connection could be made, or it was lost.' },
  SUDO_PASSWORD_NEEDED: { nature: 'mistake', means: 'sudo asks for a password on the host.' },
  HOST_BUSY: { nature: 'refusal', means: 'Another run holds this host at the same generation.' },
  HOST_FENCED: { nature: 'refusal', means: 'A newer run or attempt has taken this host over.' },
  OS_UNSUPPORTED: {
    nature: 'mistake',
    means:
      "Temper is not tested on the host's operating system; preflight.ignore: [OS_UNSUPPORTED] goes on nevertheless.",
  },
  HOST_HAS_OTHER_CLUSTER: {
    nature: 'refusal',
    means: 'The host carries Kubernetes files that do not belong to this cluster.',
  },
  CERTIFICATE_UNUSABLE: {
    nature: 'refusal',
    means:
      'A certificate or kubeconfig on the host does not fit its CA, its names or its key; it is neither used nor replaced.',
  },
  QUORUM_AT_RISK: {
    nature: 'refusal',
    means: 'etcd could lose its quorum, or cannot change at all, so its members were left as they are.',
  },
  ETCD_LEARNER_LEFT: {
    nature: 'refusal',
    means: 'etcd has a learner of another host, left over from a join that did not end, and admits one at a time.',
  },
  COMMAND_FAILED: { nature: 'failure', means: 'A command on the host ended with an error.' },
  NOT_READY: { nature: 'failure', means: 'Something was started but did not become healthy in time.' },
  PLAN_MOVED: { nature: 'refusal', means: 'The step would change something that the approved plan does not name.' },
  STEP_INCOMPLETE: {
    nature: 'failure',
    means: 'The step was applied, but reading the host again shows that changes are still left.',
  },
  USAGE: { nature: 'mistake', means: 'What was typed does not fit what there is.' },
  UNEXPECTED: { nature: 'failure', means: 'Temper itself went wrong; the log of the worker has the whole story.' },
  ABORTED: {
    nature: 'refusal',
    means:
      'A person ended the run. The hosts were left as they are, but for an etcd member that never started; a new run goes on from there.',
  },
  RUN_OPEN: {
    nature: 'mistake',
    means: 'Another run of this cluster is open, with another operation or another cluster.yaml.',
  },
  NO_WORKER: { nature: 'mistake', means: 'The Temporal server answers, but no worker takes its tasks.' },
  NO_SERVER: { nature: 'mistake', means: 'The Temporal server does not answer.' },
} as const satisfies Record<string, { nature: ErrorNature; means: string }>;
