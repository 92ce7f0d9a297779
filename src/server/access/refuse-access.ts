import type { FastifyReply } from 'fastify';
import type { ClusterInfo } from '../../events/query.ts';
import { HarkError } from '../../lib/errors.ts';
import type { FoundScope, ScopeWish } from './find-scope.ts';
import type { Identity } from './identity.ts';
import { describeForbidden, makeRefusal } from './kubernetes-refusal.ts';
import type { KubernetesAttributes } from './request-attributes.ts';
import type { Reviewer } from './reviewer.ts';
import { seesNamespace } from './scope.ts';

/** Groups of `events`; whoever asks Hark's own API is asked about the first. */
export const CORE = '';
export const EVENT_GROUPS: ReadonlySet<string> = new Set([CORE, 'events.k8s.io']);
/** The group that Hark serves as a part of an API server. */
export const HISTORY = 'history.hark.dev';

/** Who wants to see what. */
export interface Asked {
  readonly identity: Identity;
  readonly wish: ScopeWish;
}

/** @throws HarkError `forbidden`, `access-unknown` */
export async function checkPath(
  home: Reviewer,
  identity: Identity,
  { verb, path }: { readonly verb: string; readonly path: string },
): Promise<void> {
  const { value } = await home.may(identity, { verb, path }, 'named').catch((error: unknown) => {
    throw unknownAccess(error);
  });
  if (value) return;
  throw new HarkError('forbidden', `"${identity.username}" may not ${verb} ${path}`, {
    hint: `A ClusterRole with nonResourceURLs: ["${path}"], verbs: ["${verb}"] allows it.`,
  });
}

/**
 * Refuses who may see nothing at all, or asks for a namespace that they may not see. It is the same whether that is there or not.
 *
 * @throws HarkError `forbidden`, `access-unknown`
 */
export function checkFound(
  { identity, wish }: Asked,
  found: FoundScope,
  kubernetes?: KubernetesAttributes,
): void {
  const denied = wish.namespaces.find((name) => ![...found.named.values()].some((names) => names.has(name)));
  if (found.scope.size > 0 && (denied === undefined || kubernetes !== undefined)) return;
  if (found.failures.length > 0) throw unknownAccess(found.failures[0]);
  const [verb = 'list'] = wish.verbs;
  if (kubernetes !== undefined) throw forbid(identity, kubernetes.verbs[0] ?? verb, kubernetes);
  const verbs = wish.verbs.join(' and ');
  const { username } = identity;
  if (denied === undefined)
    throw new HarkError(
      'forbidden',
      `"${username}" may ${verbs} events in no namespace that is recorded here`,
      { hint: `See what you may do: kubectl auth can-i ${verb} events -A` },
    );
  throw new HarkError('forbidden', `"${username}" may not ${verbs} events in namespace "${denied}"`, {
    hint: `See what you may do: kubectl auth can-i ${verb} events -n ${denied}`,
  });
}

/**
 * As an API server: what is named must be allowed; without a namespace all must be. Of a cluster of which nothing may be seen there is none.
 *
 * @throws HarkError `forbidden`
 */
export function checkKubernetes(
  identity: Identity,
  { scope, named }: FoundScope,
  asked: KubernetesAttributes,
  known: readonly ClusterInfo[],
): void {
  const { resource, group, namespace, verbs } = asked;
  const isEvents = resource === 'events' && EVENT_GROUPS.has(group);
  if (!isEvents && (group !== HISTORY || namespace === '')) return;
  const uids = known
    .filter(({ uid, name }) => asked.cluster === undefined || uid === asked.cluster || name === asked.cluster)
    .map(({ uid }) => uid)
    .filter((uid) => scope.has(uid));
  const sees = (uid: string) =>
    namespace === ''
      ? scope.get(uid)?.namespaces === 'all'
      : seesNamespace(scope, uid, namespace) || named.get(uid)?.has(namespace) === true;
  if (uids.every(sees)) return;
  throw forbid(
    identity,
    verbs[0] ?? 'list',
    isEvents ? asked : { ...asked, group: CORE, resource: 'events' },
  );
}

export function forbid({ username }: Identity, verb: string, asked: KubernetesAttributes): HarkError {
  if (asked.resource === '')
    return new HarkError('forbidden', `"${username}" may list events in no namespace that is recorded here`);
  return new HarkError('forbidden', describeForbidden(username, verb, asked));
}

export function unknownAccess(cause: unknown): HarkError {
  return new HarkError('access-unknown', 'the API server cannot be asked now who may see what', {
    hint: 'Ask again in a moment; the server’s log says more.',
    cause,
  });
}

const CODES: Readonly<Record<string, readonly [code: number, reason: string]>> = {
  unauthorized: [401, 'Unauthorized'],
  forbidden: [403, 'Forbidden'],
  'access-unknown': [503, 'ServiceUnavailable'],
};

/** Answers a refusal as an API server would; throws what is none. */
export function tellKubernetes(
  reply: FastifyReply,
  error: unknown,
  asked: KubernetesAttributes,
): FastifyReply {
  const [code, reason] = (error instanceof HarkError ? CODES[error.code] : undefined) ?? [0, ''];
  if (!(error instanceof HarkError) || code === 0) throw error;
  const message = code === 401 ? 'Unauthorized' : error.message;
  return reply
    .code(code)
    .type('application/json')
    .send(makeRefusal(code, reason, message, asked));
}

/** Header `Warning` (RFC 7234), as API servers send it and kubectl shows it. */
export function formatWarning({ failures }: FoundScope): string {
  const clusters = failures.length === 1 ? 'one cluster' : `${failures.length} clusters`;
  return `299 hark "of ${clusters} it cannot be found out now what you may see: nothing of it is shown"`;
}
