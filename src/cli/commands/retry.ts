import type { Command } from 'commander';
import { resolveCommand } from '../resolve-command.js';

export function retry(): Command {
  return resolveCommand('retry', {
    description:
      'Tries a blocked step again, after its cause was mended. After PLAN_MOVED it also agrees to what moved.',
    example: 'temper retry prod',
  });
}
