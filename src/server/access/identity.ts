import { createHash } from 'node:crypto';
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
  const known = foreigners.get(identity);
  if (known !== undefined) return known;
  if (identity.username.startsWith(OWN)) return undefined;
  const groups = identity.groups.filter((group) => !group.startsWith(OWN) || EVERYONES.has(group));
  const foreigner = { ...identity, uid: '', groups };
  foreigners.set(identity, foreigner);
  return foreigner;
}

/** What tells identities apart: a digest of all that an authorizer may look at. */
export function digestIdentity(identity: ReviewedUser): string {
  const known = digests.get(identity);
  if (known !== undefined) return known;
  const { username, uid, groups, extra } = identity;
  const text = JSON.stringify([username, uid, [...groups].sort(), Object.entries(extra).sort()]);
  const digest = createHash('sha256').update(text).digest('base64');
  digests.set(identity, digest);
  return digest;
}

/** One identity is asked about thousands of times: for each namespace there is. */
const foreigners = new WeakMap<Identity, Identity>();
const digests = new WeakMap<ReviewedUser, string>();
