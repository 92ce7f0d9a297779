import type { ReviewedUser } from '../../kube/review-access.ts';

/** Who asks, and how that was found out. */
export interface Identity extends ReviewedUser {
  readonly by: 'token' | 'certificate' | 'front-proxy';
}

/** Names that a cluster gives itself: its service accounts, nodes and components. */
const OWN = 'system:';
/** Groups that everyone is in, in every cluster. */
const EVERYONES = new Set(['system:authenticated', 'system:unauthenticated']);

/**
 * Who somebody is to a cluster other than the one that knows them: a person by name and groups. What begins with `system:` means something else
 * in each cluster (a service account, the masters), so nobody is one elsewhere.
 *
 * @returns undefined: nobody
 */
export function asForeigner(identity: Identity): Identity | undefined {
  if (identity.username.startsWith(OWN)) return undefined;
  const groups = identity.groups.filter((group) => !group.startsWith(OWN) || EVERYONES.has(group));
  return { ...identity, uid: '', groups };
}

/** What tells identities apart: all that an authorizer may look at. */
export function formatIdentity({ username, uid, groups, extra }: ReviewedUser): string {
  return JSON.stringify([username, uid, [...groups].sort(), Object.entries(extra).sort()]);
}
