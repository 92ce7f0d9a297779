import { escapeControls } from './escape-controls.ts';

/**
 * Formats a value as JSON with its keys sorted, as kubectl does. Controls that a terminal may act on, and that JSON would let through, are
 * escaped; the value stays the same.
 *
 * @param indent spaces for each level; 0: all on one line
 */
export function formatJson(value: unknown, indent: number): string {
  return escapeControls(JSON.stringify(sortKeys(value), null, indent));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort();
  const source = value as Record<string, unknown>;
  return Object.fromEntries(keys.map((key) => [key, sortKeys(source[key])]));
}
