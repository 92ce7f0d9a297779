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
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  const source = value as Record<string, unknown>;
  const sorted: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(source).sort()) sorted[key] = sortKeys(source[key]);
  return sorted;
}
