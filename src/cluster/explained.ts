import { z } from 'zod';
import type { Complaint } from './addresses.js';

/** A text that `explain` has nothing to say against. */
export function explained(explain: (text: string) => Complaint | undefined, text = z.string()) {
  return text.superRefine((value, context) => {
    const complaint = explain(value);
    if (complaint) context.addIssue({ code: 'custom', message: complaint.message, params: { hint: complaint.hint } });
  });
}
