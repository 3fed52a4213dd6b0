import type { Command } from 'commander';
import { holdCommand } from '../hold-command.js';

export function hold(): Command {
  return holdCommand('hold', {
    description: 'Stops the open run of a cluster after the step that runs now.',
    example: 'temper hold prod',
  });
}
