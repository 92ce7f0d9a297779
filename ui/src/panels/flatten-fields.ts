/** Every leaf of an object with its path, in its own order: `['involvedObject.name', 'podinfo-1']`. What is empty is told, too. */
export function flattenFields(value: unknown, path = ''): [path: string, value: string][] {
  if (typeof value !== 'object' || value === null) return [[path, value === null ? 'null' : String(value)]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[path, Array.isArray(value) ? '[]' : '{}']];
  return entries.flatMap(([name, inner]) => flattenFields(inner, path === '' ? name : `${path}.${name}`));
}
