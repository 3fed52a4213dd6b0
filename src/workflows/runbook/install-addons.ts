import type { RunbookEntry } from './entry.js';

export const installAddons: RunbookEntry[] = [];
