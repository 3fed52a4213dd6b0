import type { Command } from 'commander';
import { resolveCommand } from '../resolve-command.js';

export function skip(): Command {
  return resolveCommand('skip', {
    description: 'Goes on without a blocked step, where the cluster can do without it.',
    example: "temper skip prod --note 'opened the firewall by hand'",
  });
}
