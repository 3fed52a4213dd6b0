import { z } from 'zod';
import type { Complaint } from './addresses.js';
import type { Path, YamlSource } from './yaml-source.js';

/** A complaint about one place of a document. `isKey`: the key itself is wrong, not its value. */
export interface PlacedComplaint extends Complaint {
  path: Path;
  isKey?: boolean;
  level?: 'warning';
}

/** What a zod schema says against the value of a file, in words for whoever wrote it. */
export function schemaComplaints(schema: z.ZodType, source: Source): PlacedComplaint[] {
  const { error } = schema.safeParse(source.value);
  if (!error) return [];
  const known = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  return narrowest(error.issues).flatMap((issue) => complain(issue, issue.path as Path, source, known));
}

/** A number beyond all bounds is beyond each of them: of several bounds of one value the last is the one that was meant. */
function narrowest(issues: z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  return issues.filter(
    ({ code, path }, i) =>
      code !== 'too_big' || !issues.slice(i + 1).some((other) => spell(other.path as Path) === spell(path as Path)),
  );
}

/** `hosts[0].name`: as people say it, without the `spec` around everything. */
export function spell(path: Path): string {
  const steps = path.length > 1 && path[0] === 'spec' ? path.slice(1) : path;
  return steps.map((step, index) => (typeof step === 'number' ? `[${step}]` : index ? `.${step}` : step)).join('');
}

interface JsonSchema {
  type?: string;
  format?: string;
  pattern?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  /** Of z.never(). */
  not?: object;
}

type Source = Pick<YamlSource, 'value' | 'written'>;

function complain(issue: z.core.$ZodIssue, path: Path, source: Source, schema: JsonSchema): PlacedComplaint[] {
  const place = spell(path) || 'the file';
  const value = path.reduce<unknown>(
    (at, step) => (at as Record<string | number, unknown> | undefined)?.[step],
    source.value,
  );
  const seen = typeOf(value, source.written(path));
  const here = path.reduce<JsonSchema | undefined>(
    (at, step) => (typeof step === 'number' ? at?.items : at?.properties?.[step]),
    schema,
  );
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        isKey: true,
        message: `unknown key '${key}'${path.length ? ` in ${place}` : ''}`,
        hint: suggest(key, settable(here?.properties)),
      }));
    case 'invalid_type':
      if (value === undefined) return [{ path, message: `${place} is missing`, hint: here?.description }];
      if (issue.expected === 'never')
        return [{ path, isKey: true, message: `${place} is not set here`, hint: here?.description }];
      return [
        {
          path,
          message: `${place} must be ${typeNames[issue.expected] ?? issue.expected}, not ${seen}`,
          hint: quoting(issue.expected, value, seen, here) ?? here?.description,
        },
      ];
    case 'invalid_value': {
      const values = issue.values.map(String);
      if (value === undefined) return [{ path, message: `${place} is missing`, hint: suggest('', values) }];
      if (typeof value === 'object')
        return [{ path, message: `${place} must be text, not ${seen}`, hint: suggest('', values) }];
      return [{ path, message: `${place} cannot be '${String(value)}'`, hint: suggest(String(value), values) }];
    }
    case 'too_small':
    case 'too_big':
      return [{ path, message: `${place} ${bound(issue, seen)}` }];
    case 'custom':
      return [{ path, message: `${place}: ${quoted(issue, seen)}`, hint: issue.params?.hint as string | undefined }];
    default:
      return [{ path, message: `${place}: ${issue.message}` }];
  }
}

/** Without the keys that are only there to say why they are refused. */
function settable(properties: JsonSchema['properties'] = {}): string[] {
  return Object.keys(properties).filter((key) => !properties[key]!.not);
}

const typeNames: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

/** `written`: as it stands in the file, which may spell a number in another way. */
function typeOf(value: unknown, written?: string): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `'${value}'`;
  return typeof value === 'object' ? 'a mapping' : (written ?? String(value));
}

/** The most usual mistake of all: quotes that are missing, or too many. */
function quoting(
  expected: string,
  value: unknown,
  seen: string,
  { format, pattern }: JsonSchema = {},
): string | undefined {
  const isPlain = typeof value === 'number' || typeof value === 'boolean';
  // Of an address or a network, no number becomes one in quotes.
  if (expected === 'string' && isPlain && !format && !pattern) return `in quotes: '${seen}'`;
  if (typeof value !== 'string') return undefined;
  if (expected === 'boolean') {
    if (value === 'true' || value === 'false') return `without quotes: ${value}`;
    return spoken.get(value.toLowerCase());
  }
  return ['number', 'int'].includes(expected) && /^\d+$/.test(value) ? `without quotes: ${value}` : undefined;
}

/** As older YAML had it. */
const spoken = new Map([
  ['yes', 'write true'],
  ['on', 'write true'],
  ['no', 'write false'],
  ['off', 'write false'],
]);

/** A custom complaint may begin with what was seen. */
function quoted({ message, params }: z.core.$ZodIssueCustom, seen: string): string {
  return params?.beginsWithSeen ? `${seen} ${message}` : message;
}

function bound(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, seen: string): string {
  if (issue.origin === 'array' || issue.origin === 'string') return 'must not be empty';
  const limit = issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
  return `must be ${limit}, not ${seen}`;
}

/** More words than these are a page to read, not a hint. */
const mostWords = 20;

/** The nearest known word when one is near, else all of them. */
function suggest(wrong: string, known: string[]): string | undefined {
  const meant = didYouMean(wrong, known);
  if (meant || known.length === 0 || known.length > mostWords) return meant;
  return known.length === 1 ? `write ${known[0]}` : `one of ${known.join(', ')}`;
}

export function didYouMean(wrong: string, known: readonly string[]): string | undefined {
  const [nearest] = known
    .map((word) => ({ word, distance: editDistance(wrong.toLowerCase(), word.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const isNear = nearest && nearest.distance <= Math.max(1, wrong.length / 3);
  return isNear ? `did you mean ${nearest.word}?` : undefined;
}

/** How many letters must be added, left out or replaced to make one word of the other. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, otherLetter] of [...other].entries()) {
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + Number(letter !== otherLetter)));
    }
    row = next;
  }
  return row[other.length]!;
}
