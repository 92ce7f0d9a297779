import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ClusterInfo } from '../../events/query.ts';
import { type Clock, sleep } from '../../lib/clock.ts';
import { HarkError } from '../../lib/errors.ts';
import { MILLISECOND, SECOND } from '../../lib/time.ts';
import type { Served } from '../served.ts';
import { createAnswerCache } from './answer-cache.ts';
import type { Authenticator } from './authenticate.ts';
import { type FoundScope, findScope, type ScopeWish } from './find-scope.ts';
import { digestIdentity, type Identity } from './identity.ts';
import type { KnownPlaces } from './known-places.ts';
import { describeForbidden, makeRefusal } from './kubernetes-refusal.ts';
import { createLapses } from './lapses.ts';
import { type KubernetesAttributes, type RequestAttributes, readAttributes } from './request-attributes.ts';
import type { Reviewer } from './reviewer.ts';
import { formatScope, seesNamespace } from './scope.ts';
import type { Views } from './views.ts';

/** Lets in who may see something, and shows them that alone. */
export interface Access {
  /**
   * Answers a request itself: of the part of the record that who asks may see, or that they may not. Undefined: they may see all of it, so the
   * server that serves it whole is to answer.
   *
   * @param note is told who asks, as soon as it is known
   * @throws HarkError `unauthorized`, `forbidden`, `access-unknown`
   */
  admit(
    request: FastifyRequest,
    reply: FastifyReply,
    note: (identity: Identity) => void,
  ): Promise<FastifyReply | undefined>;
  /** Looks, until the signal aborts, whether who is being answered still may see what they are told. */
  run(signal: AbortSignal): Promise<void>;
  readonly counts: AccessCounts;
}

export interface AccessCounts {
  readonly reviewers: readonly Reviewer[];
  readonly views: () => number;
  readonly ended: () => number;
}

export interface AccessOptions {
  readonly served: Served;
  readonly authenticator: Authenticator;
  /** The first is the one who knows the users. */
  readonly reviewers: readonly [Reviewer, ...Reviewer[]];
  readonly places: KnownPlaces;
  readonly views: Views;
  readonly clock: Clock;
  /** Told once why an API server cannot be asked, until it can be again. */
  readonly report: (error: Error) => void;
}

const LOOK_EVERY = 500 * MILLISECOND;
/** Nothing was asked whose answer would say how long it holds. */
const AT_MOST = 10 * SECOND;
/** What could not be asked is asked again so soon. */
const RETRY_AFTER = SECOND;
const MOST_SCOPES = 1_024;
/** Groups of `events`; whoever asks Hark's own API is asked about the first. */
const CORE = '';
const EVENT_GROUPS: ReadonlySet<string> = new Set([CORE, 'events.k8s.io']);
/** The group that Hark serves as a part of an API server. */
const HISTORY = 'history.hark.dev';

interface Asked {
  readonly identity: Identity;
  readonly wish: ScopeWish;
}

export function openAccess(options: AccessOptions): Access {
  const { served, authenticator, reviewers, places, views, clock } = options;
  const failed = new Set<string>();
  const [home] = reviewers;
  const lapses = createLapses();
  const scopes = createAnswerCache<FoundScope>(clock, MOST_SCOPES, () => AT_MOST);

  async function find({ identity, wish }: Asked): Promise<FoundScope> {
    const recorded = new Set((await served.store.readClusters()).map(({ uid }) => uid));
    const key = `${digestIdentity(identity)} ${JSON.stringify(wish)} ${places.version()} ${[...recorded].sort()}`;
    const ask = async () => {
      const found = await findScope(reviewers, places, recorded, identity, wish);
      tellFailures(found);
      const retryAt = found.failures.length > 0 ? clock.now() + RETRY_AFTER : found.until;
      return { ...found, until: Math.min(found.until, retryAt) };
    };
    const { value } = await scopes.ask(key, ask);
    if (clock.now() < value.until) return value;
    scopes.forget(key);
    return (await scopes.ask(key, ask)).value;
  }

  /** Each once, until all can be asked again. */
  function tellFailures({ failures }: FoundScope): void {
    if (failures.length === 0) failed.clear();
    for (const failure of failures) {
      const error = failure instanceof Error ? failure : new Error(String(failure));
      if (!failed.has(error.message)) options.report(error);
      failed.add(error.message);
    }
  }

  async function enter(
    asked: Asked,
    found: FoundScope,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply | undefined> {
    const { raw } = reply;
    if (found.failures.length > 0) reply.raw.setHeader('warning', formatWarning(found));
    lapses.hold(raw, {
      until: found.until,
      async ask() {
        const now = await find(asked);
        return describe(now) === describe(found) ? now.until : undefined;
      },
      end() {
        const message = 'what you may see has changed, or cannot be found out now';
        if (!served.live.end(raw, 'access-changed', message)) raw.destroy();
      },
    });
    if (found.isWhole) return undefined;
    const { app, done } = await views.enter(found.scope);
    reply.hijack();
    if (raw.closed) {
      done();
      return reply;
    }
    raw.once('close', done);
    app.routing(request.raw, raw);
    return reply;
  }

  async function admitTo(
    attributes: RequestAttributes,
    identity: Identity,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply | undefined> {
    switch (attributes.type) {
      case 'description':
        return undefined;
      case 'path':
        await checkPath(home, identity, attributes);
        return undefined;
      case 'record': {
        const { verbs, namespaces } = attributes;
        const asked = { identity, wish: { verbs, group: CORE, namespaces } };
        const found = await find(asked);
        checkFound(asked, found);
        return await enter(asked, found, request, reply);
      }
      case 'kubernetes': {
        const asked = { identity, wish: wishOf(attributes) };
        const found = await find(asked);
        checkFound(asked, found, attributes);
        checkKubernetes(identity, found, attributes, await served.store.readClusters());
        if (attributes.group === HISTORY && attributes.resource !== '')
          await checkHistory(asked, found, attributes);
        return await enter(asked, found, request, reply);
      }
    }
  }

  /** The group has permissions of its own, which the API server has asked about before it handed the request on: a direct request is asked about here. */
  async function checkHistory({ identity }: Asked, { scope }: FoundScope, asked: KubernetesAttributes) {
    const { group, resource, namespace } = asked;
    const known = await served.store.readClusters();
    const named = known.filter(({ uid, name }) => uid === asked.cluster || name === asked.cluster);
    const uids = asked.cluster === undefined ? [await home.uid()] : named.map(({ uid }) => uid);
    for (const reviewer of reviewers) {
      const uid = await reviewer.uid();
      if (!uids.includes(uid) || !scope.has(uid)) continue;
      for (const verb of asked.verbs) {
        const action = { verb, group, resource, namespace, name: '' };
        if (!(await reviewer.may(identity, action, 'named')).value) throw forbid(identity, verb, asked);
      }
    }
  }

  return {
    async admit(request, reply, note) {
      const attributes = readAttributes(request.raw.url ?? '/', request.routeOptions.url);
      try {
        const identity = await authenticator.identify(request.raw);
        note(identity);
        return await admitTo(attributes, identity, request, reply);
      } catch (error) {
        if (attributes.type !== 'kubernetes') throw error;
        return tellKubernetes(reply, error, attributes);
      }
    },
    async run(signal) {
      let clusters = '';
      while (!signal.aborted) {
        await sleep(clock, LOOK_EVERY, signal);
        if (signal.aborted) break;
        const now = (await served.store.readClusters()).map(({ uid }) => uid).join();
        await lapses.check(clock.now(), now !== clusters);
        clusters = now;
        views.tidy();
      }
      await views.closeAll();
    },
    counts: { reviewers, views: views.size, ended: lapses.ended },
  };
}

/** What a scope shows. */
function describe({ scope, isWhole }: FoundScope): string {
  return isWhole ? 'all' : formatScope(scope);
}

function wishOf({ verbs, group, resource, namespace }: KubernetesAttributes): ScopeWish {
  const namespaces = namespace === '' ? [] : [namespace];
  if (resource === 'events' && EVENT_GROUPS.has(group)) return { verbs, group, namespaces };
  if (resource === '') return { verbs: ['list'], group: CORE, namespaces: [], isDiscovery: true };
  return { verbs: ['list'], group: CORE, namespaces };
}

async function checkPath(
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
function checkFound({ identity, wish }: Asked, found: FoundScope, kubernetes?: KubernetesAttributes): void {
  const denied = wish.namespaces.find((name) => !found.named.has(name));
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

/** As an API server: what is named must be allowed; without a namespace all must be. Of a cluster of which nothing may be seen there is none. */
function checkKubernetes(
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
      : seesNamespace(scope, uid, namespace) || named.has(namespace);
  if (uids.every(sees)) return;
  throw forbid(
    identity,
    verbs[0] ?? 'list',
    isEvents ? asked : { ...asked, group: CORE, resource: 'events' },
  );
}

function forbid({ username }: Identity, verb: string, asked: KubernetesAttributes): HarkError {
  if (asked.resource === '')
    return new HarkError('forbidden', `"${username}" may list events in no namespace that is recorded here`);
  return new HarkError('forbidden', describeForbidden(username, verb, asked));
}

function unknownAccess(cause: unknown): HarkError {
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

function tellKubernetes(reply: FastifyReply, error: unknown, asked: KubernetesAttributes): FastifyReply {
  const [code, reason] = (error instanceof HarkError ? CODES[error.code] : undefined) ?? [0, ''];
  if (!(error instanceof HarkError) || code === 0) throw error;
  const message = code === 401 ? 'Unauthorized' : error.message;
  return reply
    .code(code)
    .type('application/json')
    .send(makeRefusal(code, reason, message, asked));
}

/** Header `Warning` (RFC 7234), as API servers send it and kubectl shows it. */
function formatWarning({ failures }: FoundScope): string {
  const clusters = failures.length === 1 ? 'one cluster' : `${failures.length} clusters`;
  return `299 hark "of ${clusters} it cannot be found out now what you may see: nothing of it is shown"`;
}
