import { isWireObject, type WireObject } from './wire-form.ts';

/** One difference: `[path, value]` sets, `[path]` removes. */
type Difference = readonly [path: readonly string[], value: unknown] | readonly [path: readonly string[]];

/**
 * What `plain` must be changed by to be `original` again, `kind`, `apiVersion` and `metadata.managedFields` aside.
 *
 * @returns JSON text of `[path, value]` (set it) and `[path]` (remove it), the same for equal originals; undefined when nothing differs
 */
export function findResidue(plain: WireObject, original: WireObject): string | undefined {
  const differences: Difference[] = [];
  collect(plain, original, [], differences);
  return differences.length === 0 ? undefined : JSON.stringify(differences);
}

/**
 * Changes `plain` back to what the residue was found in.
 *
 * @param rename gives the name of a top-level field in the form that is printed, when it is another form
 */
export function applyResidue(
  plain: Record<string, unknown>,
  residue: string,
  rename?: (field: string) => string,
): Record<string, unknown> {
  for (const [path, ...rest] of JSON.parse(residue) as Difference[]) {
    const renamed = rename === undefined ? path : [rename(path[0] ?? ''), ...path.slice(1)];
    change(plain, renamed, rest);
  }
  return plain;
}

function collect(plain: WireObject, original: WireObject, path: readonly string[], into: Difference[]): void {
  for (const key of Object.keys(original).sort()) {
    const value = original[key];
    const here = [...path, key];
    if (isIgnored(here) || value === undefined) continue;
    const known = Object.hasOwn(plain, key) ? plain[key] : undefined;
    if (isWireObject(known) && isWireObject(value)) collect(known, value, here, into);
    else if (known !== value) into.push([here, sortKeys(value)]);
  }
  for (const key of Object.keys(plain).sort()) {
    const here = [...path, key];
    if (!isIgnored(here) && (!Object.hasOwn(original, key) || original[key] === undefined)) into.push([here]);
  }
}

function isIgnored(path: readonly string[]): boolean {
  if (path.length === 1) return path[0] === 'kind' || path[0] === 'apiVersion';
  return path.length === 2 && path[0] === 'metadata' && path[1] === 'managedFields';
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isWireObject(value)) return value;
  const sorted: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) set(sorted, key, sortKeys(value[key]));
  return sorted;
}

function change(object: Record<string, unknown>, path: readonly string[], value: readonly unknown[]): void {
  const last = path.length - 1;
  let parent = object;
  for (const key of path.slice(0, last)) {
    const child = Object.hasOwn(parent, key) ? parent[key] : undefined;
    if (!isWireObject(child)) return;
    parent = child;
  }
  const key = path[last] ?? '';
  if (value.length === 0) delete parent[key];
  else set(parent, key, value[0]);
}

/** Plain assignment, but for a key like `__proto__` that must not reach the prototype. */
function set(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
