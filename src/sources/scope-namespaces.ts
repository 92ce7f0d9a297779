import type { EventQuery } from '../events/query.ts';
import { HarkError } from '../lib/errors.ts';
import { collectList } from '../lib/parse-values.ts';
import type { SourceOptions } from './open-source.ts';

/**
 * The namespaces asked about, as with kubectl: all with `-A`, whatever `-n` says; else that of `-n` (or several between commas), else the
 * context's.
 *
 * @param fallback the context's namespace, `default` when there is no context; undefined for all, as of a file
 * @throws HarkError `usage` when `-n` holds commas alone
 */
export function scopeNamespaces(
  options: Pick<SourceOptions, 'allNamespaces' | 'namespace'>,
  fallback: string | undefined,
): Pick<EventQuery, 'namespaces'> {
  const { allNamespaces, namespace = fallback } = options;
  if (allNamespaces || namespace === undefined) return {};
  const namespaces = collectList(namespace);
  if (namespaces.length > 0) return { namespaces };
  throw new HarkError('usage', `-n "${namespace}" names no namespace`, {
    hint: 'For example: -n shop, or -n shop,payments; -A looks at all.',
  });
}
