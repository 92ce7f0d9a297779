import type { EventQuery } from '../events/query.ts';
import type { SourceOptions } from './open-source.ts';

/**
 * The namespaces asked about, as with kubectl: all with `-A`, whatever `-n` says; else that of `-n`, else the context's.
 *
 * @param fallback the context's namespace, `default` when there is no context; undefined for all, as of a file
 */
export function scopeNamespaces(
  options: Pick<SourceOptions, 'allNamespaces' | 'namespace'>,
  fallback: string | undefined,
): Pick<EventQuery, 'namespaces'> {
  const { allNamespaces, namespace = fallback } = options;
  return allNamespaces || namespace === undefined ? {} : { namespaces: [namespace] };
}
