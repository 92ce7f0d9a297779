import type { SeenRequest } from './seen-request.ts';

/** A user as a review speaks of them. */
export interface ReviewedName {
  readonly username: string;
  readonly groups?: readonly string[];
}

/** What a user wants to do, as a `SubjectAccessReview` asks it. */
export interface ReviewedWish {
  readonly user: string;
  readonly groups: readonly string[];
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace: string;
  /** Of what is no resource. */
  readonly path: string;
}

/** Who is who, and who may do what. */
export interface Reviews {
  /** Users by their tokens. */
  readonly tokens: Readonly<Record<string, ReviewedName>>;
  /** Audiences that tokens are for; the API server's own when left out. */
  readonly audiences?: readonly string[];
  readonly allows: (wish: ReviewedWish) => boolean;
}

interface TokenReview {
  readonly spec: { readonly token: string; readonly audiences?: readonly string[] };
}

interface SubjectAccessReview {
  readonly spec: {
    readonly user: string;
    readonly groups?: readonly string[];
    readonly resourceAttributes?: Partial<Record<'verb' | 'group' | 'resource' | 'namespace', string>>;
    readonly nonResourceAttributes?: { readonly verb: string; readonly path: string };
  };
}

const API_SERVER = 'https://kubernetes.default.svc';

/** The review that a request asks for, with its status; undefined when it asks for none. */
export function serveReview(
  { tokens, audiences = [API_SERVER], allows }: Reviews,
  { verb, path, body }: SeenRequest,
): object | undefined {
  if (verb !== 'create') return undefined;
  if (path === '/apis/authentication.k8s.io/v1/tokenreviews') {
    const { spec } = body as TokenReview;
    const user = tokens[spec.token];
    const wanted = spec.audiences ?? [API_SERVER];
    const common = audiences.filter((one) => wanted.includes(one));
    const isKnown = user !== undefined && common.length > 0;
    const known = { authenticated: true, user, ...(spec.audiences && { audiences: common }) };
    return { ...(body as object), status: isKnown ? known : { user: {} } };
  }
  if (path === '/apis/authorization.k8s.io/v1/subjectaccessreviews') {
    const {
      user,
      groups = [],
      resourceAttributes,
      nonResourceAttributes,
    } = (body as SubjectAccessReview).spec;
    const { group = '', resource = '', namespace = '' } = resourceAttributes ?? {};
    const asked = resourceAttributes?.verb ?? nonResourceAttributes?.verb ?? '';
    const wish = {
      user,
      groups,
      verb: asked,
      group,
      resource,
      namespace,
      path: nonResourceAttributes?.path ?? '',
    };
    return { ...(body as object), status: { allowed: allows(wish) } };
  }
  return undefined;
}
