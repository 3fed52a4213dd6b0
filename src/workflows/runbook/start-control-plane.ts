import type { RunbookEntry } from './entry.js';

export const startControlPlane: RunbookEntry[] = [];
