import type { EventQuery } from '../events/query.ts';
import type { SourceOptions } from './open-source.ts';

/**
 * The namespaces asked about, as with kubectl: all with `-A`, else that of `-n`, else the context's.
 *
 * @param fallback the context's namespace, `default` when there is no context
 */
export function scopeNamespaces(options: SourceOptions, fallback: string): Pick<EventQuery, 'namespaces'> {
  return options.allNamespaces ? {} : { namespaces: [options.namespace ?? fallback] };
}
