/**
 * Formats a value as JSON with its keys sorted, as kubectl does. Controls that a terminal may act on and that JSON would let through are
 * escaped; the value stays the same.
 *
 * @param indent spaces for each level; 0: all on one line
 */
export function formatJson(value: unknown, indent: number): string {
  const text = JSON.stringify(sortKeys(value), null, indent);
  return text.replace(/[\x7f-\x9f]/g, (control) => `\\u00${control.charCodeAt(0).toString(16)}`);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort();
  const source = value as Record<string, unknown>;
  return Object.fromEntries(keys.map((key) => [key, sortKeys(source[key])]));
}
