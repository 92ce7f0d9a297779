import type { FoundObjectScopes } from './find-object-scopes.ts';
import { resourceName } from './watched-kinds.ts';

/** One line for all kinds of which changes are not told, and how to change that; empty when there are none. */
export function describeRefused(cluster: string, { refused, leftOut, scopes }: FoundObjectScopes): string {
  const parts = [];
  if (refused.length > 0) {
    const names = refused.map(resourceName);
    const what = scopes.length === 0 ? 'Pods, Deployments and the like' : names.join(', ');
    parts.push(
      `not allowed to watch ${what} of cluster "${cluster}": changes of these are not told; deploy/rbac.yaml says how to allow it`,
    );
  }
  if (leftOut > 0)
    parts.push(
      `${leftOut} namespaces are too many more to watch objects of one by one: allow it for the whole cluster, or name fewer with -n`,
    );
  return parts.join('; ');
}
