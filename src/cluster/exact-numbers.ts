import type { z } from 'zod';

/** Numbers that would not reach Kubernetes as they were written, wherever they stand in a document. */
export function refuseInexactNumbers(document: unknown, context: z.RefinementCtx): void {
  for (const { path, complaint } of inexactNumbers(document, []))
    context.addIssue({ code: 'custom', path, message: complaint, params: { beginsWithSeen: true } });
}

function* inexactNumbers(
  value: unknown,
  path: (string | number)[],
): Iterable<{ path: (string | number)[]; complaint: string }> {
  if (typeof value === 'number' && !Number.isFinite(value)) yield { path, complaint: 'is no number for Kubernetes' };
  else if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    yield { path, complaint: `is beyond ${Number.MAX_SAFE_INTEGER}, up to which numbers are kept exactly` };
  }
  if (typeof value !== 'object' || value === null) return;
  const parts = Array.isArray(value) ? value.entries() : Object.entries(value);
  for (const [key, item] of parts) yield* inexactNumbers(item, [...path, key]);
}
