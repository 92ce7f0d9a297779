import type { NamedObject } from '../events/parse-objects.ts';
import type { GlobalOptions } from './global-options.ts';

export { filtersOf, type NamedObject, parseObjects } from '../events/parse-objects.ts';

/** Events of what lives in no namespace are looked for in all of them, as kubectl does, whatever `-n` says: they lie in `default`. */
export function scopeFor(objects: readonly NamedObject[], globals: GlobalOptions): GlobalOptions {
  const everywhere = objects.length > 0 && objects.every(({ clusterScoped }) => clusterScoped);
  return everywhere ? { ...globals, allNamespaces: true } : globals;
}
