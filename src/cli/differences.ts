/** Paths at which two plain values differ, such as `hosts[0].address`; the first `limit` of them. */
export function differences(a: unknown, b: unknown, limit = 5): string[] {
  return [...differing(a, b, '')].slice(0, limit);
}

function* differing(a: unknown, b: unknown, path: string): Generator<string> {
  if (!isObject(a) || !isObject(b)) {
    if (a !== b) yield path;
    return;
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const step = Array.isArray(a) ? `[${key}]` : `${path ? '.' : ''}${key}`;
    yield* differing(a[key], b[key], path + step);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
