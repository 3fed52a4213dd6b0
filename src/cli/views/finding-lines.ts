import type { HostFinding } from '../../activities/calls.js';
import { styled } from '../print.js';

/** A table: on which hosts, what was seen, and what mends it. What several hosts have in common is one row. */
export function findingLines(findings: HostFinding[]): string[] {
  if (findings.length === 0) return [];
  const rows = inCommon(findings).map(({ hosts, level, check, message, hint = '' }) => [
    hosts.join(', '),
    `${level} ${check}`,
    message,
    hint,
  ]);
  const table = [['HOST', 'FINDING', 'SEEN', 'WHAT TO DO'], ...rows];
  const widths = table[0]!.map((_, column) => Math.min(widest, Math.max(...table.map((row) => row[column]!.length))));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  return lines.map((line, index) => (index === 0 ? styled('bold', line) : line));
}

/** A longer text pushes its own row aside, not all others. */
const widest = 72;

function inCommon(findings: HostFinding[]): (HostFinding & { hosts: string[] })[] {
  const rows = new Map<string, HostFinding & { hosts: string[] }>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.level, finding.check, finding.message, finding.hint]);
    const row = rows.get(key) ?? { ...finding, hosts: [] };
    row.hosts.push(finding.host);
    rows.set(key, row);
  }
  return [...rows.values()];
}
