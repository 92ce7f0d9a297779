import type { Clock } from '../lib/clock.ts';
import { SECOND } from '../lib/time.ts';
import type { Cluster } from './cluster.ts';
import { requestJson } from './read-answer.ts';

/** Who asks, as Kubernetes tells users apart (`UserInfo`). */
export interface ReviewedUser {
  readonly username: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** What is to be done: to a resource, or to a path that is none (`/metrics`). */
export type ReviewedAction =
  | {
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      /** Empty: all namespaces, or cluster-scoped. */
      readonly namespace: string;
      /** Empty: all of them. */
      readonly name: string;
    }
  | { readonly verb: string; readonly path: string };

interface Asking {
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/** A review is small: a server that takes longer is not to be waited for. */
const ANSWER_WITHIN = 5 * SECOND;

/**
 * Asks the API server whose token it is: `TokenReview` of authentication.k8s.io/v1.
 *
 * @param audiences whom the token must be meant for, any of them; none: the API server's own
 * @returns undefined when the token is nobody's, or meant for others
 * @throws ApiFailure when the server cannot be asked, or Hark may not ask it
 */
export async function reviewToken(
  cluster: Cluster,
  token: string,
  audiences: readonly string[],
  asking: Asking,
): Promise<ReviewedUser | undefined> {
  const spec = { token, ...(audiences.length > 0 && { audiences }) };
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec };
  const status = await review(cluster, '/apis/authentication.k8s.io/v1/tokenreviews', body, asking);
  if (status.authenticated !== true) return undefined;
  // A server that says nothing of audiences has not looked at them.
  if (audiences.length > 0 && !readTexts(status.audiences).some((one) => audiences.includes(one)))
    return undefined;
  const { username, uid, groups, extra } = (status.user ?? {}) as Record<string, unknown>;
  if (typeof username !== 'string' || username === '') return undefined;
  return {
    username,
    uid: typeof uid === 'string' ? uid : '',
    groups: readTexts(groups),
    extra: Object.fromEntries(Object.entries(extra ?? {}).map(([key, values]) => [key, readTexts(values)])),
  };
}

/**
 * Asks the API server whether a user may do something: `SubjectAccessReview` of authorization.k8s.io/v1.
 *
 * @throws ApiFailure when the server cannot be asked, or Hark may not ask it
 */
export async function reviewAccess(
  cluster: Cluster,
  user: ReviewedUser,
  action: ReviewedAction,
  asking: Asking,
): Promise<boolean> {
  const { username, uid, groups, extra } = user;
  const spec = { user: username, uid, groups, extra, ...formatAction(action) };
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
  const status = await review(cluster, '/apis/authorization.k8s.io/v1/subjectaccessreviews', body, asking);
  return status.allowed === true && status.denied !== true;
}

function formatAction(action: ReviewedAction): object {
  if ('path' in action) return { nonResourceAttributes: { verb: action.verb, path: action.path } };
  return { resourceAttributes: action };
}

async function review(
  cluster: Cluster,
  path: string,
  body: { readonly kind: string },
  { clock, signal }: Asking,
): Promise<Record<string, unknown>> {
  const request = { path, body, answerWithin: ANSWER_WITHIN, ...(signal && { signal }) };
  const answer = await requestJson(cluster, request, `create a ${body.kind}`, clock);
  return (answer as { status?: Record<string, unknown> } | null)?.status ?? {};
}

function readTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
