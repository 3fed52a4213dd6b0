import { createHash } from 'node:crypto';
import { checks } from './checks/index.js';
import type { Draft } from './checks/check.js';
import { completeSpec, type ClusterFile } from './complete.js';
import { schemaComplaints, spell, type PlacedComplaint } from './schema-complaints.js';
import { clusterSchema, type ClusterSpec } from './spec.js';
import { byPlace, readYaml, type FileFinding, type YamlSource } from './yaml-source.js';

/**
 * Reads a cluster.yaml. Never throws: everything that is wrong is found at once, in the order of the file. There is a spec unless a finding is
 * an error.
 */
export function parseCluster(
  content: string | Uint8Array,
  file: ClusterFile,
): { spec?: ClusterSpec; findings: FileFinding[] } {
  if (content.length > mostBytes) return { findings: [tooLarge(file)] };
  const source = readYaml(content, file.name);
  if (source.findings.length) return { findings: source.findings };
  const complaints = complaintsAbout(source);
  const findings = complaints.map(({ path, isKey, ...complaint }) =>
    source.finding(path, complaint, isKey ? 'key' : undefined),
  );
  findings.sort(byPlace);
  if (findings.some(({ level }) => level === 'error')) return { findings };
  return { spec: completeSpec(clusterSchema.parse(source.value), file), findings };
}

/** Far more than a thousand hosts take. */
const mostBytes = 2 ** 20;

function tooLarge({ name }: ClusterFile): FileFinding {
  return { file: name, line: 1, column: 1, level: 'error', message: 'the file is larger than 1 MiB' };
}

/** Tells two specs apart: sha256, hex, of the spec's canonical JSON. */
export function specDigest(spec: ClusterSpec): string {
  const sorted = JSON.stringify(spec, (_, value: unknown) =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort())
      : value,
  );
  return createHash('sha256').update(sorted).digest('hex');
}

function complaintsAbout(source: YamlSource): PlacedComplaint[] {
  const complaints = schemaComplaints(clusterSchema, source);
  // A file of another kind or version is one mistake, not a hundred.
  const [foreign] = complaints.filter(({ path }) => ['', 'apiVersion', 'kind'].includes(spell(path)));
  if (foreign) return [foreign];
  const draft = withoutRefused(source.value, complaints);
  return [
    ...complaints,
    ...checks.flatMap((check) => [...check(draft)].map((found) => ({ ...found, path: ['spec', ...found.path] }))),
  ];
}

/** The checks go on with what is left when every value that the schema refused is taken out, so that one mistake does not hide another. */
function withoutRefused(value: unknown, complaints: PlacedComplaint[]): Draft {
  const copy = structuredClone(value) as { spec?: Draft };
  for (const { path } of complaints) {
    const holder = path
      .slice(0, -1)
      .reduce<unknown>((at, step) => (at as Record<string | number, unknown> | undefined)?.[step], copy);
    if (holder && typeof holder === 'object') (holder as Record<string | number, unknown>)[path.at(-1)!] = undefined;
  }
  return copy.spec ?? {};
}
