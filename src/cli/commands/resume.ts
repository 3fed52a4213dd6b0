import type { Command } from 'commander';
import { holdCommand } from '../hold-command.js';

export function resume(): Command {
  return holdCommand('resume', { description: 'Goes on with a run that is held.', example: 'temper resume prod' });
}
