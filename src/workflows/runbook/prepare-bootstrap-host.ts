import type { RunbookEntry } from './entry.js';

export const prepareBootstrapHost: RunbookEntry[] = [];
