import { TemperError } from '../../cluster/errors.js';
import type { FencedDoor } from '../../host/fenced.js';
import type { LongCommand } from '../../host/long-command.js';
import type { HostTarget } from '../../host/target.js';
import type { Ask } from '../facts/question.js';
import type { HostView } from '../step.js';

/** What the kinds of change write through. Nothing else writes to a host. */
export interface Writer {
  readonly host: string;
  readonly ask: Ask;
  readonly until: HostView['until'];
  /** Under the host's lock and fence. Throws unless `script` ends with 0. Returns what it printed. */
  readonly write: FencedDoor['write'];
  /** Runs under systemd on the host; the next attempt attaches to it. */
  long(command: LongCommand): Promise<void>;
  /** Makes another SSH connection, to prove that it can still be made. */
  knock(): Promise<void>;
  /** Writes to another host, under that one's lock and fence. */
  elsewhere(host: HostTarget): Promise<Writer>;
}

/** Content of a file on the host; for what the executor needs in its own memory, such as a CA's key. Throws COMMAND_FAILED when it is not there. */
export async function readHostFile({ host, ask }: Writer, path: string): Promise<string> {
  const { code, stdout, stderr } = await ask('cat -- "$1"', { args: [path] });
  if (code !== 0) throw new TemperError('COMMAND_FAILED', `${host}: cannot read ${path}: ${stderr.trim()}`);
  return stdout;
}
